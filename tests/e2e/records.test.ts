// The main job: a cluster by one click, a stranger's record in the window; and the other way round.
import { readAll, kcat } from "./support/kafka.ts";
import { type App, expect, test } from "./support/test.ts";
import { until } from "./support/process.ts";

interface Summary {
  clusterId: string;
  bootstrap: string;
  state: string;
}

/** Starts the local cluster by the welcome's button; its bootstrap servers. */
async function startCluster({ ui }: App): Promise<Summary> {
  await ui.click("button", "Start a local cluster");
  await ui.sees("Partitions online");
  return until("the local cluster", 20_000, async () => {
    const all = await ui.call<Summary[]>("clusters.list");
    return all.find((cluster) => cluster.state === "connected");
  });
}

async function createTopic({ ui }: App, cluster: Summary, name: string): Promise<void> {
  await ui.goto(`/c/${cluster.clusterId}/topics`);
  await ui.click("button", "Create topic");
  await ui.fill("Topic name", name);
  await ui.press("Enter");
  await ui.sees(`Create topic ${name}`);
  await ui.click("button", "Apply");
  await ui.lacks(`Create topic ${name}`);
  await ui.sees(name);
}

async function unaskedRecord(app: App): Promise<void> {
  const { ui } = app;
  const cluster = await startCluster(app);
  await createTopic(app, cluster, "orders");
  await ui.goto(`/c/${cluster.clusterId}/topics/orders/messages`);
  await ui.sees("has no records here");
  const bytes = Buffer.from([0x00, 0xff, 0x68, 0x69, 0x80, 0x7f]);
  kcat(cluster.bootstrap, ["-P", "-t", "orders", "-p", "0", "-k", "key-1", "-H", "trace=abc", "-D", "<end>"], bytes);
  await ui.sees("key-1");
  await ui.click("row", /key-1/);
  await ui.sees("trace");
  await ui.click("tab", "Hex");
  await ui.sees(/00 ?ff ?68 ?69 ?80 ?7f/);
  await ui.picture("unasked-record");
}

interface Payload {
  kind: "null" | "text" | "base64";
  text?: string;
  data?: string;
}

async function produced(app: App): Promise<void> {
  const { ui } = app;
  const cluster = await startCluster(app);
  await createTopic(app, cluster, "made");
  const text = (value: string): Payload => ({ kind: "text", text: value });
  await ui.goto(`/c/${cluster.clusterId}/topics/made/messages`);
  await ui.click("button", "Produce record");
  await ui.fill("Key", "by-hand");
  await ui.fill("Value", '{"total": 0.10}');
  await ui.click("button", "Send to made");
  await ui.sees(/written: partition/);
  const send = (key: Payload, value: Payload, codec = "none", headers: { name: string; value: Payload }[] = []) =>
    ui.call("produce.send", {
      clusterId: cluster.clusterId, topic: "made", partition: 0, key, value, headers, codec, acks: "all",
    });
  for (const codec of ["gzip", "snappy", "lz4", "zstd"]) await send(text(codec), text(`by ${codec}`), codec);
  await send(text("empty"), text(""));
  await send({ kind: "null" }, text("no key"));
  await send(text("gone"), { kind: "null" });
  await send(text("headed"), text("v"), "none", [
    { name: "a", value: text("1") },
    { name: "b", value: { kind: "null" } },
  ]);
  const rows = readAll(cluster.bootstrap, "made").map((row) => row.split("|").slice(2).join("|"));
  expect(rows).toEqual([
    'by-hand|7|{"total": 0.10}|15|',
    "gzip|4|by gzip|7|",
    "snappy|6|by snappy|9|",
    "lz4|3|by lz4|6|",
    "zstd|4|by zstd|7|",
    "empty|5||0|",
    "|-1|no key|6|",
    "gone|4||-1|",
    "headed|6|v|1|a=1,b=NULL",
  ]);
}

test("B1 a record from outside appears unasked, its bytes exact", ({ browserApp }) => unaskedRecord(browserApp));
test("W1 a record from outside appears unasked, its bytes exact", ({ windowApp }) => unaskedRecord(windowApp));
test("B2 what the UI produces is what kcat reads", ({ browserApp }) => produced(browserApp));
test("W2 what the UI produces is what kcat reads", ({ windowApp }) => produced(windowApp));
