// Topics and groups in daily use: settings as a plan with undo, emptying, cloning, columns, views.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { createTopic, startCluster } from "./support/flows.ts";
import { Apache, hasApache, kcat, readAll } from "./support/kafka.ts";
import { Child, root, until } from "./support/process.ts";
import { type App, expect, test } from "./support/test.ts";

/** What Kafka's own tool says about a topic's settings. */
function configCommand(bootstrap: string, topic: string): string {
  const tool = ["kafka.admin.ConfigCommand", "--bootstrap-server", bootstrap];
  const what = ["--describe", "--entity-type", "topics", "--entity-name", topic];
  const jars = join(root, "target/kafka/lib");
  return execFileSync("java", ["-cp", `${jars}/*`, ...tool, ...what], { encoding: "utf8", timeout: 60_000 });
}

async function settingsFlow(app: App, clusterId: string, bootstrap: string): Promise<void> {
  const { ui } = app;
  await ui.goto(`/c/${clusterId}/topics/orders/config`);
  await ui.click("row", /^retention\.ms/);
  await (ui as import("./support/browser.ts").BrowserUi).page.getByRole("radio", { name: /Set on this topic/ }).check();
  await ui.fill("Value", "seven");
  await ui.sees("A whole number");
  await ui.fill("Value", "3600000");
  await ui.sees("1 h");
  // The draft outlives the page.
  await ui.goto(`/c/${clusterId}/topics`);
  await ui.goto(`/c/${clusterId}/topics/orders/config?setting=min.insync.replicas`);
  await ui.sees("1 change");
  await (ui as import("./support/browser.ts").BrowserUi).page.getByRole("radio", { name: /Set on this topic/ }).check();
  await ui.fill("Value", "1");
  await ui.click("button", "Review 2 changes");
  await ui.sees("kafka-configs.sh");
  await ui.click("button", "Change 2 settings");
  await ui.lacks("Review 2 changes");
  await until("Kafka's own tool to see it", 30_000, () => configCommand(bootstrap, "orders").includes("retention.ms=3600000"));
  await ui.goto(`/c/${clusterId}/history`);
  await ui.click("row", /Change 2 settings of orders/);
  await ui.click("button", "Undo…");
  await ui.sees("Undo: Change 2 settings of orders");
  await ui.click("button", "Change 2 settings");
  await until("Kafka's own tool to see the undo", 30_000, () => {
    const said = configCommand(bootstrap, "orders");
    return !said.includes("retention.ms=3600000") && !said.includes("min.insync.replicas=1 ");
  });
}

test("B settings are edited, undone and read back by Kafka's own ConfigCommand: ours", async ({ browserApp }) => {
  if (!hasApache()) return;
  const cluster = await startCluster(browserApp);
  await createTopic(browserApp, cluster, "orders");
  await settingsFlow(browserApp, cluster.clusterId, cluster.bootstrap);
});

test("B settings are edited, undone and read back by Kafka's own ConfigCommand: Apache Kafka", async ({ browserApp }) => {
  if (!hasApache()) return;
  const apache = await Apache.start();
  try {
    kcat(apache.bootstrap, ["-P", "-t", "orders"], "x\n");
    const { clusterId } = await browserApp.ui.call<{ clusterId: string }>("clusters.add", {
      name: "Remote",
      bootstrap: apache.bootstrap,
      environment: "dev",
      readOnly: false,
    });
    await settingsFlow(browserApp, clusterId, apache.bootstrap);
    // Sizes on disk come from the brokers' own log directories.
    await browserApp.ui.goto(`/c/${clusterId}/brokers`);
    await browserApp.ui.sees(/Disk used/);
  } finally {
    browserApp.expectWarning(/cluster is away/);
    await apache.close();
  }
});

test("B a retention that deletes records asks for the name; a topic is emptied, and says what is lost", async ({
  browserApp,
}) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await createTopic(browserApp, cluster, "orders", 1);
  kcat(cluster.bootstrap, ["-P", "-t", "orders", "-p", "0"], "a\nb\nc\nd\n");
  await new Promise((next) => setTimeout(next, 1_500));
  const short = { kind: "setTopicConfigs", name: "orders", entries: [{ name: "retention.ms", value: "1000" }] };
  const plan = await until("the records to be old", 15_000, async () => {
    const made = await ui.call<{ class: string; confirm?: string; impact: string[] }>("plan.make", {
      clusterId: "1",
      change: short,
    });
    return made.confirm ? made : undefined;
  });
  expect(plan).toMatchObject({ class: "destructive", confirm: "orders" });
  expect(plan.impact.join(" ")).toContain("4 offsets");

  await ui.goto("/c/1/topics/orders/messages");
  await ui.click("button", "More for orders");
  await ui.click("menuitem", "Empty topic…");
  await ui.click("radio", "Before an offset");
  await ui.fill("Offset", "3");
  await ui.click("button", "Review");
  await ui.sees("begins at 3");
  await ui.fill("Confirmation", "order");
  await ui.press("Enter");
  expect(readAll(cluster.bootstrap, "orders")).toHaveLength(4);
  await ui.fill("Confirmation", "orders");
  await ui.click("button", "Empty topic orders");
  await until("three records to be gone", 15_000, () => readAll(cluster.bootstrap, "orders").length === 1);
  expect(readAll(cluster.bootstrap, "orders")[0]).toContain("|3|");
  await ui.goto("/c/1/history");
  await ui.click("row", /Empty topic orders before offset 3/);
  await ui.sees("This cannot be undone");
});

test("B a topic is cloned with its settings; columns, pins and a saved view stay", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  const change = {
    kind: "createTopic",
    name: "orders",
    partitions: 4,
    replicationFactor: 2,
    configs: [
      { name: "cleanup.policy", value: "compact" },
      { name: "segment.ms", value: "60000" },
    ],
  };
  const made = await ui.call<{ planId: string }>("plan.make", { clusterId: cluster.clusterId, change });
  await ui.call("plan.apply", { planId: made.planId });
  await ui.goto("/c/1/topics/orders/messages");
  await ui.click("button", "More for orders");
  await ui.click("menuitem", "Clone topic…");
  await ui.sees("Clone topic orders");
  expect([await ui.value("Topic name"), await ui.value("segment.ms")]).toEqual(["orders.copy", "60000"]);
  await ui.click("button", "Review");
  await ui.click("button", "Create topic orders.copy");
  await ui.sees("orders.copy");
  type Detail = { value: { partitions: { replicas: number[] }[]; configs: { value: { name: string; value: string }[] } } };
  const copy = await until("the copy", 10_000, () =>
    ui.call<Detail>("topic.get", { clusterId: "1", topic: "orders.copy" }).catch(() => undefined),
  );
  expect(copy.value.partitions.map((one) => one.replicas.length)).toEqual([2, 2, 2, 2]);
  const of = (name: string) => copy.value.configs.value.find((one) => one.name === name)?.value;
  expect([of("cleanup.policy"), of("segment.ms")]).toEqual(["compact", "60000"]);

  await ui.page.getByRole("row", { name: /orders\.copy/ }).click({ button: "right" });
  await ui.click("menuitem", "Pin");
  await ui.click("radio", "Pinned 1");
  await expect(ui.page.getByRole("grid", { name: "Topics" }).getByRole("row")).toHaveCount(2);
  await ui.click("button", "Columns");
  await ui.click("menuitem", "Retention, put away");
  await expect(ui.page.getByRole("columnheader", { name: "Retention" })).toBeVisible();
  await ui.press("Escape");
  await ui.click("button", "Views");
  await ui.click("menuitem", "Save this view…");
  await ui.fill("View name", "mine");
  await ui.press("Enter");
  await new Promise((next) => setTimeout(next, 1_000));
  await ui.goto("/c/1/topics");
  await expect(ui.page.getByRole("columnheader", { name: "Retention" })).toBeVisible();
  await ui.click("button", "Views 1");
  await ui.click("menuitem", "mine");
  await expect(ui.page.getByRole("radio", { name: "Pinned 1" })).toBeChecked();
});

interface TopicDetail {
  value: { partitions: { replicas: number[] }[]; configs: { value: { name: string; value?: string; source: string }[] } };
}

/** What the app reads of a topic: its partitions, their replicas, and the settings that are its own. */
async function shapeOf({ ui }: App, topic: string) {
  const detail = await until(`the settings of ${topic}`, 10_000, async () => {
    const read = await ui.call<TopicDetail>("topic.get", { clusterId: "1", topic }).catch(() => undefined);
    return read?.value.configs.value ? read : undefined;
  });
  const { partitions, configs } = detail.value;
  const own = configs.value.filter(({ source }) => source === "topic").map(({ name, value }) => `${name}=${value}`);
  return { partitions: partitions.length, replicas: partitions[0]?.replicas.length, own: own.sort() };
}

test("B a topic from a template: what is filled is seen, may be changed, and is what the topic gets", async ({ browserApp }) => {
  const { ui } = browserApp;
  await startCluster(browserApp);
  const template = ui.page.getByRole("combobox", { name: "Template" });
  const filled = async (...names: string[]) => Promise.all(names.map((name) => ui.value(name)));
  await ui.press("Control+k");
  await ui.page.keyboard.type("from a template");
  await ui.press("Enter");
  await expect(template).toBeFocused();
  await ui.choose("Template", "Work queue");
  await ui.sees("Each partition feeds one worker");
  expect(await filled("Partitions", "Replicas", "In sync", "segment.ms")).toEqual(["12", "3", "2", "3600000"]);
  await expect(ui.page.getByRole("combobox", { name: "Cleanup" })).toHaveValue("delete");
  await expect(ui.page.getByRole("combobox", { name: "Keep for" })).toHaveValue("86400000");
  // There are three brokers, and no more replicas in sync than there are.
  await ui.fill("Replicas", "4");
  await ui.sees("Replicas is 1 to 3");
  await ui.fill("Replicas", "2");
  expect(await ui.value("In sync")).toBe("1");
  await ui.fill("In sync", "3");
  await ui.sees("In sync is 1 to 2");
  await ui.fill("In sync", "2");
  await ui.fill("Partitions", "5");
  await ui.fill("segment.ms", "soon");
  await ui.sees("segment.ms: A whole number");
  await ui.fill("segment.ms", "7200000");
  await ui.fill("Topic name", "jobs");
  await ui.press("Enter");
  await ui.click("button", "Create topic jobs");
  await ui.page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await shapeOf(browserApp, "jobs")).toEqual({
    partitions: 5,
    replicas: 2,
    own: ["cleanup.policy=delete", "min.insync.replicas=2", "retention.ms=86400000", "segment.ms=7200000"],
  });

  // Each of the others is taken as it is filled.
  const others = [
    ["Events", 6, ["cleanup.policy=delete", "min.insync.replicas=2", "retention.ms=604800000"]],
    ["Compacted table", 6, ["cleanup.policy=compact", "min.cleanable.dirty.ratio=0.1", "min.insync.replicas=2"]],
    [
      "Change log",
      6,
      ["cleanup.policy=compact,delete", "min.insync.replicas=2", "retention.ms=2419200000", "segment.ms=86400000"],
    ],
    ["Dead letters", 1, ["cleanup.policy=delete", "min.insync.replicas=2", "retention.ms=7776000000"]],
  ] as const;
  for (const [label, partitions, own] of others) {
    const name = label.toLowerCase().replace(" ", ".");
    await ui.click("button", "Create topic");
    await ui.choose("Template", label);
    await ui.fill("Topic name", name);
    await ui.press("Enter");
    await ui.click("button", `Create topic ${name}`);
    await ui.page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await shapeOf(browserApp, name), label).toEqual({ partitions, replicas: 3, own: [...own] });
  }
});

test("B a group's lag is drawn, a busy group stays, an empty one is deleted by name", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  kcat(cluster.bootstrap, ["-P", "-t", "orders"], "a\nb\n");
  const reader = new Child("kcat", ["-q", "-b", cluster.bootstrap, "-X", "auto.offset.reset=earliest", "-G", "readers", "orders"]);
  await ui.goto("/c/1/groups/readers?part=lag");
  await ui.sees("Lag, records");
  await until("the group to be stable", 20_000, async () => {
    const all = await ui.call<{ value: { group: string; state: string }[] }>("groups.list", { clusterId: "1" });
    return all.value.find((one) => one.group === "readers")?.state === "Stable";
  });
  await until("a line of its lag", 20_000, () => ui.page.locator(".chart svg.drawn").count());
  await ui.click("button", "More for readers");
  await ui.click("menuitem", "Delete group…");
  await ui.sees("The group cannot be deleted");
  await ui.press("Escape");
  await reader.end("SIGTERM");
  await until("the group to be empty", 20_000, async () => {
    const all = await ui.call<{ value: { group: string; state: string }[] }>("groups.list", { clusterId: "1" });
    return all.value.find((one) => one.group === "readers")?.state === "Empty";
  });
  await ui.click("button", "More for readers");
  await ui.click("menuitem", "Delete group…");
  await ui.fill("Confirmation", "readers");
  await ui.click("button", "Delete group readers");
  await until("it to be gone", 10_000, async () => {
    const all = await ui.call<{ value: unknown[] }>("groups.list", { clusterId: "1" });
    return all.value.length === 0;
  });
});
