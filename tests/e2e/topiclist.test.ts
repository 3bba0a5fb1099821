// The list of topics: several changed by one plan, and the tree of their prefixes.
import { startCluster } from "./support/flows.ts";
import { kcat, readAll } from "./support/kafka.ts";
import { until } from "./support/process.ts";
import { type App, expect, test } from "./support/test.ts";

/** Topics made at once, by the same plans that a person would apply. */
async function makeTopics({ ui }: App, names: string[]): Promise<void> {
  const changes = names.map((name) => ({ kind: "createTopic", name, partitions: 1, replicationFactor: 1, configs: [] }));
  const plan = await ui.call<{ planId: string }>("plan.make", { clusterId: "1", change: { kind: "several", changes } });
  await ui.call("plan.apply", { planId: plan.planId });
}

async function topicNames({ ui }: App): Promise<string[]> {
  const list = await ui.call<{ value: { name: string; internal: boolean }[] }>("topics.list", { clusterId: "1" });
  return list.value.filter((topic) => !topic.internal).map((topic) => topic.name).sort();
}

test("B topics that a filter shows are deleted as one plan by their number, and come back by one undo", async ({
  browserApp,
}) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await makeTopics(browserApp, ["kept", "old.a", "old.b", "old.c"]);
  kcat(cluster.bootstrap, ["-P", "-t", "old.a"], "x\ny\n");
  await ui.goto("/c/1/topics?q=old.");
  await ui.sees("old.c");
  await ui.press("ArrowDown", "Control+a");
  await ui.sees("3 topics selected");
  // A topic that the filter hides stays selected, and the bar says that it is not in sight.
  await ui.fill("Find topics", "old.a");
  await ui.sees("2 not in this view");
  await ui.fill("Find topics", "");
  await ui.click("button", "Delete 3 topics");
  const dialog = ui.page.getByRole("dialog", { name: "Delete 3 topics" });
  await expect(dialog.getByRole("listitem").filter({ hasText: "topic old." })).toHaveCount(3);
  await expect(dialog.getByText("Together a span of 2 offsets is lost for ever.")).toBeVisible();
  await ui.fill("Confirmation", "4 topics");
  await ui.press("Enter");
  expect(await topicNames(browserApp)).toEqual(["kept", "old.a", "old.b", "old.c"]);
  await ui.fill("Confirmation", "3 topics");
  await dialog.getByRole("button", { name: "Delete 3 topics" }).click();
  await until("the three to be gone", 10_000, async () => (await topicNames(browserApp)).join() === "kept");
  await ui.lacks("3 topics selected");
  await ui.goto("/c/1/history");
  await ui.click("row", /Delete 3 topics/);
  await ui.click("button", "Undo…");
  await ui.click("button", "Create 3 topics");
  await until("them to be back", 10_000, async () => (await topicNames(browserApp)).length === 4);
  expect(readAll(cluster.bootstrap, "old.a")).toEqual([]);
});

test("B one retention is set on several topics; what cannot be emptied is left out and says why", async ({
  browserApp,
}) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await makeTopics(browserApp, ["a", "b", "c"]);
  kcat(cluster.bootstrap, ["-P", "-t", "a"], "1\n2\n");
  await ui.goto("/c/1/topics");
  await ui.page.getByRole("checkbox", { name: "Select a", exact: true }).click();
  await ui.page.getByRole("checkbox", { name: "Select c", exact: true }).click({ modifiers: ["Shift"] });
  await ui.click("button", "Set the retention of 3 topics");
  await ui.fill("Value", "soon");
  await ui.sees("A whole number");
  await ui.click("button", "1 d");
  await ui.click("button", "Review");
  await ui.sees("retention.ms=86400000");
  await ui.click("button", "Change 3 topics");
  await ui.lacks("3 topics selected");
  const list = await ui.call<{ value: { name: string; retentionMs: { value: number } }[] }>("topics.list", { clusterId: "1" });
  type Detail = { value: { configs: { value: { name: string; value: string }[] } } };
  for (const { name } of list.value.filter((topic) => "abc".includes(topic.name))) {
    const detail = await ui.call<Detail>("topic.get", { clusterId: "1", topic: name });
    expect(detail.value.configs.value.find((one) => one.name === "retention.ms")?.value, name).toBe("86400000");
  }

  await ui.page.getByRole("checkbox", { name: "Select all rows" }).click();
  await ui.click("button", "Empty 3 topics");
  await ui.click("button", "Review");
  const dialog = ui.page.getByRole("dialog", { name: "Empty 1 topic to the end" });
  await expect(dialog.getByText("left out: There is nothing before that point.")).toHaveCount(2);
  await ui.fill("Confirmation", "1 topic");
  await dialog.getByRole("button", { name: "Empty 1 topic" }).click();
  await until("the records to be gone", 10_000, () => readAll(cluster.bootstrap, "a").length === 0);
});

test("B topics are a tree by their prefixes: in the address, under a filter, selected by the group", async ({ browserApp }) => {
  const { ui } = browserApp;
  await startCluster(browserApp);
  await makeTopics(browserApp, ["orders.eu.a", "orders.eu.b", "orders.us.a", "pay-a", "pay-b", "users"]);
  await ui.goto("/c/1/topics");
  await ui.sees("users");
  await ui.click("button", "Tree");
  await ui.click("menuitem", "Tree by dots");
  const tree = ui.page.getByRole("treegrid", { name: "Topics" });
  const lines = () => tree.locator("[aria-level]").evaluateAll((rows) => rows.map((row) => row.getAttribute("aria-level")));
  await expect.poll(lines).toEqual(["1", "1", "1", "1"]);
  await tree.getByRole("row", { name: /orders\. 3/ }).click();
  await expect.poll(lines).toEqual(["1", "2", "2", "1", "1", "1"]);
  // The address brings the same view back.
  await ui.page.reload();
  await expect.poll(lines).toEqual(["1", "2", "2", "1", "1", "1"]);
  await ui.page.getByRole("checkbox", { name: "Select 2 topics of orders.eu." }).click();
  await ui.sees("2 topics selected");
  await expect(ui.page.getByRole("checkbox", { name: "Select 3 topics of orders." })).toHaveJSProperty("indeterminate", true);
  await ui.fill("Find topics", "us");
  await ui.sees("2 not in this view");
  await expect.poll(() => tree.textContent()).toContain("orders.us.a");
  await ui.fill("Find topics", "");
  await ui.click("button", "Tree by dots");
  await ui.click("menuitem", "Tree by dashes");
  await expect.poll(() => tree.getByRole("row", { name: /pay- 2/ }).count()).toBe(1);
});
