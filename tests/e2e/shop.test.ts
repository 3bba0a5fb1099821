// The local cluster's panel and the sample shop: real clients, seen by kcat too.
import { execFileSync } from "node:child_process";
import { kcat } from "./support/kafka.ts";
import { freePorts, until } from "./support/process.ts";
import { type App, expect, test } from "./support/test.ts";
import { type Cluster, startCluster } from "./support/flows.ts";

interface Group {
  group: string;
  lagging: boolean;
  lag: { value?: number };
}

const SHOP = ["customers", "orders", "orders.dlq", "orders.retry", "page-views", "payments", "shipments"];

async function groups({ ui }: App): Promise<Group[]> {
  const answer = await ui.call<{ value: Group[] }>("groups.list", { clusterId: "1" });
  return answer.value;
}

async function topics({ ui }: App): Promise<string[]> {
  const answer = await ui.call<{ value: { name: string; internal: boolean }[] }>("topics.list", { clusterId: "1" });
  return answer.value.filter((topic) => !topic.internal).map((topic) => topic.name);
}

test("B the sample shop: a lagging group within 10 s, every codec, tombstones, dead letters, and no trace", async ({
  browserApp,
}) => {
  const { ui } = browserApp;
  const port = await freePorts(3);
  await ui.click("button", "Options…");
  await ui.fill("First port", String(port));
  const clicked = Date.now();
  await ui.click("button", "Start with sample shop");
  await until("a group that lags", 10_000, async () => {
    const all = await groups(browserApp).catch(() => []);
    return all.find((one) => one.group === "analytics" && one.lagging);
  });
  expect(Date.now() - clicked).toBeLessThan(10_000);
  await ui.sees(/Sample shop \d+\.\d records\/s/);
  expect((await topics(browserApp)).sort()).toEqual(SHOP);
  const bootstrap = `localhost:${port}`;
  // Fulfilment keeps up while analytics falls further behind; broken orders go by retry to the dead letters.
  await until("a dead letter", 30_000, () => kcat(bootstrap, ["-C", "-t", "orders.dlq", "-e", "-q", "-f", "%h\n"]));
  const letter = kcat(bootstrap, ["-C", "-t", "orders.dlq", "-e", "-q", "-c", "1", "-f", "%h"]);
  expect(letter).toContain("x-original-topic=orders.retry");
  expect(letter).toContain("x-attempt=2");
  await until("a tombstone", 40_000, () => {
    const sizes = kcat(bootstrap, ["-C", "-t", "customers", "-e", "-q", "-f", "%S\n"]);
    return sizes.split("\n").includes("-1");
  });
  const later = await until("fulfilment to keep up", 20_000, async () => {
    const all = await groups(browserApp);
    const lag = (name: string) => all.find((one) => one.group === name)?.lag.value ?? Number.NaN;
    return lag("fulfilment") < 30 && lag("analytics") > 400 && all;
  });
  expect(later.map((one) => one.group).sort()).toEqual(["analytics", "fulfilment"]);

  await ui.click("button", "Pause the sample shop");
  await ui.sees("Sample shop paused");
  await ui.goto("/c/1/local");
  await ui.click("button", "Remove…");
  await ui.click("button", "Remove sample shop");
  await ui.sees("The sample shop is gone", 30_000);
  expect(await topics(browserApp)).toEqual([]);
  expect(await groups(browserApp)).toEqual([]);
});

test("B the shop leaves a topic of somebody else alone, and opens again with its cluster", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  kcat(cluster.bootstrap, ["-P", "-t", "orders"], "mine\n");
  await ui.goto("/c/1/local");
  await ui.click("button", "Open sample shop");
  await ui.sees("There is a topic orders already that the shop did not make.");
  expect(await topics(browserApp)).toEqual(["orders"]);
  expect(kcat(cluster.bootstrap, ["-C", "-t", "orders", "-e", "-q"])).toBe("mine\n");
  const made = await ui.call<{ planId: string }>("plan.make", {
    clusterId: "1",
    change: { kind: "deleteTopic", name: "orders" },
  });
  await ui.call("plan.apply", { planId: made.planId, confirmation: "orders" });
  await ui.click("button", "Open sample shop");
  await ui.sees(/Sample shop \d+\.\d records\/s/);
  await ui.call("local.stop");
  await ui.call("local.start");
  await ui.sees(/Sample shop \d+\.\d records\/s/, 20_000);
});

test("B the panel: a broker crashes in the picture, settings count after a restart, the log says so", async ({
  browserApp,
}) => {
  const { ui } = browserApp;
  const cluster: Cluster = await startCluster(browserApp);
  kcat(cluster.bootstrap, ["-P", "-t", "seen"], "x\n");
  await ui.goto("/c/1/local");
  const picture = ui.page.getByRole("img", { name: /broker 2 runs/ });
  await expect(picture).toHaveAccessibleName(/all in sync/);
  await ui.click("button", "Crash broker 2");
  await expect(ui.page.getByRole("img", { name: /under-replicated.*broker 2 is down/ })).toBeVisible();
  await ui.click("button", "Start broker 2");
  await expect(ui.page.getByRole("img", { name: /all in sync.*broker 2 runs/ })).toBeVisible({ timeout: 20_000 });
  await ui.click("link", "Log");
  await ui.sees("the broker crashed");
  await ui.fill("Find in the log", "started");
  await ui.lacks("the broker crashed");
  await ui.click("link", "Settings", "Views of the local cluster");
  await ui.fill("Find a setting", "num.partitions");
  await ui.click("radio", /^All \d+/);
  await ui.fill("num.partitions", "5");
  await ui.sees("1 change");
  await ui.click("button", "Restart cluster");
  await until("the cluster to be back", 20_000, async () => {
    const [local] = await ui.call<Cluster[]>("clusters.list");
    return local?.state === "connected";
  });
  kcat(cluster.bootstrap, ["-P", "-t", "five"], "x\n");
  expect(kcat(cluster.bootstrap, ["-L", "-t", "five"])).toContain("with 5 partitions");
  await ui.lacks("1 change");
  expect(await ui.value("num.partitions")).toBe("5");
});

test("B the kcat lines that the panel shows run as they stand, and their client is named", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await ui.goto("/c/1/local?part=connect");
  await ui.click("tab", "kcat");
  const code = await ui.page.getByLabel("Connect your app", { exact: true }).locator("pre").textContent();
  expect(code).toContain(cluster.bootstrap.split(",")[0]);
  const read = execFileSync("bash", ["-ec", code ?? ""], { encoding: "utf8", timeout: 30_000 });
  expect(read).toContain('{"total": 12.40}');
  // One that stays is named with library, version and what it does.
  const stays = ui.page.getByRole("row", { name: /librdkafka/ });
  const { Producer } = await import("./support/kafka.ts");
  const producer = new Producer(cluster.bootstrap, ["-t", "orders", "-X", "client.id=my-app"]);
  // kcat sends what it has read in a block of its own size.
  producer.write("hello\n".repeat(5_000));
  await expect(stays.filter({ hasText: "my-app" })).toContainText(/librdkafka \d+\.\d+/, { timeout: 20_000 });
  await expect(stays.filter({ hasText: "my-app" })).toContainText("orders");
  expect(await producer.finish(10_000)).toBe(0);
});
