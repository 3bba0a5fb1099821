// Forms that lead to a plan: what is refused leaves the text to be mended, and what Enter does.
import { createTopic, startCluster } from "./support/flows.ts";
import { kcat } from "./support/kafka.ts";
import { until } from "./support/process.ts";
import { type App, expect, test } from "./support/test.ts";

const topicNames = async ({ ui }: App) =>
  (await ui.call<{ value: { name: string }[] }>("topics.list", { clusterId: "1" })).value.map(({ name }) => name);

test("B a name that is taken is said in the form, which keeps its text and creates under another", async ({
  browserApp,
}) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await createTopic(browserApp, cluster, "orders");
  const form = ui.page.getByRole("dialog", { name: "Create topic", exact: true });
  const name = form.getByRole("textbox", { name: "Topic name" });
  await ui.click("button", "Create topic");
  await ui.fill("Topic name", "orders");
  await ui.fill("Partitions", "5");
  await ui.press("Enter");
  await expect(form.getByRole("alert")).toContainText("A topic of that name exists already");
  expect([await ui.value("Topic name"), await ui.value("Partitions")]).toEqual(["orders", "5"]);
  // What was said is about that name.
  await name.fill("orders.new");
  await expect(form.getByRole("alert")).toHaveCount(0);
  await name.press("Enter");
  const apply = ui.page.getByRole("button", { name: "Create topic orders.new", exact: true });
  await expect(apply).toBeFocused();
  await ui.sees("5 partitions");
  // A key that is held from before presses nothing.
  await apply.evaluate((button) => {
    const event = new KeyboardEvent("keydown", { key: "Enter", repeat: true, bubbles: true, cancelable: true });
    if (button.dispatchEvent(event)) throw new Error("the held key would press the button");
  });
  // Given up, the form has its text when it is opened again.
  await ui.press("Escape");
  await ui.click("button", "Create topic");
  expect([await ui.value("Topic name"), await ui.value("Partitions")]).toEqual(["orders.new", "5"]);
  await ui.press("Enter");
  await expect(apply).toBeFocused();
  await ui.press("Enter");
  await until("the topic", 15_000, async () => (await topicNames(browserApp)).includes("orders.new"));
  await ui.page.getByRole("dialog").waitFor({ state: "detached" });
  // Once it is created, the form is empty.
  await ui.click("button", "Create topic");
  expect(await ui.value("Topic name")).toBe("");
  await ui.press("Escape");
});

test("B a form whose change is refused stays and says why, and what is mended goes on to its plan", async ({
  browserApp,
}) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  kcat(cluster.bootstrap, ["-P", "-t", "orders", "-X", "acks=all"], "one\ntwo\n");
  await ui.goto(`/c/${cluster.clusterId}/topics/orders/messages`);
  await ui.sees("two");
  await ui.click("button", "More for orders");
  await ui.click("menuitem", "Empty topic…");
  const form = ui.page.getByRole("dialog", { name: "Empty topic orders", exact: true });
  await form.getByText("Before an offset").click();
  await ui.fill("Offset", "0");
  await ui.press("Enter");
  await expect(form.getByRole("alert")).toContainText("There is nothing before that point");
  expect(await ui.value("Offset")).toBe("0");
  await ui.fill("Offset", "1");
  await ui.press("Enter");
  await ui.sees("Empty topic orders before offset 1");
  await ui.press("Escape");
  expect(kcat(cluster.bootstrap, ["-C", "-t", "orders", "-e"]).split("\n")).toHaveLength(3);
});

test("B a record that too few replicas took is not called unsent, and the way out is named", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await createTopic(browserApp, cluster, "strict", 1);
  const entries = [{ name: "min.insync.replicas", value: "3" }];
  const change = { kind: "setTopicConfigs", name: "strict", entries };
  const plan = await ui.call<{ planId: string }>("plan.make", { clusterId: cluster.clusterId, change });
  await ui.call("plan.apply", { planId: plan.planId });
  await ui.call("local.crash_broker", { broker: 3 });
  await ui.goto(`/c/${cluster.clusterId}/topics/strict/messages?produce=1`);
  await until("the ISR without the broker", 30_000, async () => {
    const list = await ui.call<{ value: { underReplicated: number; name: string }[] }>("topics.list", { clusterId: "1" });
    return list.value.find(({ name }) => name === "strict")?.underReplicated === 1;
  });
  await ui.fill("Value", "kept or not");
  await ui.click("button", "Send to strict");
  const alert = ui.page.getByRole("alert");
  await expect(alert).toContainText("not known whether the record was written", { timeout: 30_000 });
  await expect(alert).toContainText("lower min.insync.replicas");
  await expect(alert.getByRole("button", { name: "Show the brokers" })).toBeVisible();
});

test("B Enter confirms nothing that cannot be undone", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await createTopic(browserApp, cluster, "orders");
  await ui.goto(`/c/${cluster.clusterId}/topics/orders/messages`);
  await ui.click("button", "More for orders");
  await ui.click("menuitem", "Delete topic…");
  await expect(ui.page.getByRole("textbox", { name: "Confirmation" })).toBeFocused();
  await ui.fill("Confirmation", "orders");
  await ui.press("Enter");
  await expect(ui.page.getByRole("dialog", { name: "Delete topic orders" })).toBeVisible();
  expect(await topicNames(browserApp)).toContain("orders");
  await ui.press("Escape");
});
