// The main job: a cluster by one click, a stranger's record in the window; and the other way round.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { createTopic, startCluster } from "./support/flows.ts";
import { kcat, readAll } from "./support/kafka.ts";
import { until } from "./support/process.ts";
import { type App, expect, test } from "./support/test.ts";

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

interface Draft {
  key: string | null;
  value: string | null;
  codec?: string;
  headers?: [string, string | null][];
}

/** Fills the produce panel by hand and sends; a null is picked as "Null", an empty text as "Empty". */
async function sendByHand({ ui }: App, topic: string, draft: Draft, offset: number): Promise<void> {
  for (const [field, text] of [["Key", draft.key], ["Value", draft.value]] as const) {
    await ui.click("radio", text === null ? "Null" : text === "" ? "Empty" : "Text", `${field} as`);
    if (text) await ui.fill(field, text);
  }
  for (const [index, [name, value]] of (draft.headers ?? []).entries()) {
    const which = `Header ${index + 1}`;
    await ui.click("button", "Add header");
    await ui.fill(`${which} name`, name);
    if (value === null) await ui.choose(`${which} kind`, "null");
    else await ui.fill(`${which} value`, value);
  }
  await ui.fill("Partition", "0");
  await ui.choose("Compression", draft.codec ?? "none");
  await ui.click("button", `Send to ${topic}`);
  await ui.sees(`written: partition 0, offset ${offset}`);
}

/** The codec of every batch that a broker has on disk for partition 0, in order. */
function codecsOnDisk(dataDir: string, topic: string): number[] {
  const files = readdirSync(dataDir, { recursive: true, encoding: "utf8" });
  const log = files.find((name) => name.includes(`${topic}-0/`) && name.endsWith(".log"));
  if (!log) throw new Error(`no log of ${topic}-0 in ${files.join(", ")}`);
  const bytes = readFileSync(join(dataDir, log));
  const codecs: number[] = [];
  // A batch: offset 8, length 4, leader epoch 4, magic 1, checksum 4, attributes 2.
  for (let at = 0; at + 23 <= bytes.length && bytes[at + 16] === 2; at += 12 + bytes.readInt32BE(at + 8))
    codecs.push(bytes.readInt16BE(at + 21) & 7);
  return codecs;
}

async function produced(app: App): Promise<void> {
  const { ui } = app;
  const cluster = await startCluster(app);
  await createTopic(app, cluster, "made", 1);
  await ui.goto(`/c/${cluster.clusterId}/topics/made/messages`);
  await ui.click("button", "Produce record");
  const long = "compressible ".repeat(20);
  const drafts: Draft[] = [
    { key: "by-hand", value: '{"total": 0.10, "id": 9223372036854775807}' },
    ...["gzip", "snappy", "lz4", "zstd"].map((codec) => ({ key: codec, value: long + codec, codec })),
    { key: "empty", value: "" },
    { key: "", value: "empty key" },
    { key: null, value: "no key" },
    { key: "gone", value: null },
    { key: "schlüssel", value: "größe €" },
    { key: "headed", value: "v", headers: [["a", "1"], ["b", null], ["a", "2"]] },
  ];
  for (const [offset, draft] of drafts.entries()) await sendByHand(app, "made", draft, offset);
  const rows = readAll(cluster.bootstrap, "made").map((row) => row.split("|").slice(1).join("|"));
  const length = (text: string | null) => (text === null ? -1 : Buffer.byteLength(text));
  expect(rows).toEqual(
    drafts.map(({ key, value, headers }, offset) => {
      const found = (headers ?? []).map(([name, text]) => `${name}=${text ?? "NULL"}`).join(",");
      return `${offset}|${key ?? ""}|${length(key)}|${value ?? ""}|${length(value)}|${found}`;
    }),
  );
  const codecs = drafts.map(({ codec }) => ["none", "gzip", "snappy", "lz4", "zstd"].indexOf(codec ?? "none"));
  expect(codecsOnDisk(app.dataDir, "made")).toEqual(codecs);
}

async function fromTheBeginning(app: App): Promise<void> {
  const { ui } = app;
  const cluster = await startCluster(app);
  await createTopic(app, cluster, "many", 3);
  const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `record ${from + at}\n`).join("");
  for (const partition of [0, 1, 2])
    kcat(cluster.bootstrap, ["-P", "-t", "many", "-p", `${partition}`], lines(partition * 10_000, (partition + 1) * 10_000));
  await ui.goto(`/c/${cluster.clusterId}/topics/many/messages`);
  await ui.sees("Live");
  await ui.choose("From", "Beginning");
  await ui.sees("The first 500 rows: 500 of 30,000 read");
  await ui.lacks("let go");
  const cells = () =>
    ui.evaluate(() => Array.from(document.querySelectorAll("[role=gridcell]"), (cell) => cell.textContent ?? ""));
  const shows = (record: string) => until(record, 10_000, async () => (await cells()).includes(record));
  await shows("record 0");
  await ui.click("row", /record 0/);
  await ui.press("End");
  // Every partition has its part of the 500 rows, and records were made one partition after the other.
  await shows(`record ${20_000 + 165}`);
  await ui.press("Escape");
  await ui.click("button", "Read on");
  await ui.sees("The first 1,000 rows: 1,000 of 30,000 read");
  await ui.click("button", "Follow the end");
  await ui.sees("Live: new records appear as they come.");
  kcat(cluster.bootstrap, ["-P", "-t", "many", "-p", "0"], "the newest one\n");
  await ui.sees("the newest one");
}

test("B1 a record from outside appears unasked, its bytes exact", ({ browserApp }) => unaskedRecord(browserApp));
test("W1 a record from outside appears unasked, its bytes exact", ({ windowApp }) => unaskedRecord(windowApp));
test("B32 from the beginning the oldest records stand, more by a button", ({ browserApp }) => fromTheBeginning(browserApp));
test("B2 what the UI produces is what kcat reads", ({ browserApp }) => produced(browserApp));
test("W2 what the UI produces is what kcat reads", ({ windowApp }) => produced(windowApp));
