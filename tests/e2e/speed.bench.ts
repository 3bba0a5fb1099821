// How fast the window is on much: `cargo xtask bench ui`, on the release build. It prints figures and judges nothing.
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { test } from "@playwright/test";
import { BrowserUi, Served } from "./support/browser.ts";
import { Producer, kcat } from "./support/kafka.ts";
import { Child, binary, root, temporaryDir, until } from "./support/process.ts";

const TOPICS = 10_000;
const PARTITIONS = 10;
const ROWS = 2_000_000;
const WINDOWS = 300;
const TAIL_PER_SEC = 50_000;
const TAIL_MS = 15_000;
const IDLE_MS = 15_000;

const say = (what: string, value: string, bar: string) => console.log(`${what}: ${value} (${bar})`);
const pause = (ms: number) => new Promise((next) => setTimeout(next, ms));

function share(values: number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}

/** Proportional set size of a process (MB), from its own table of mappings. */
function memoryMb(pid: number): number {
  const kb = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8").match(/^Pss:\s+(\d+) kB/m)?.[1];
  return Number(kb ?? 0) / 1024;
}

/** A cluster by the launcher, with topics made from a file. */
async function launch(dir: string, topics: string): Promise<{ child: Child; bootstrap: string }> {
  const file = join(dir, "topics.yaml");
  writeFileSync(file, topics);
  const args = ["start", "--data-dir", join(dir, "data"), "--brokers", "1", "--listen", "PLAINTEXT://localhost:0", "--init", file];
  const child = new Child(binary("headwater-cluster"), args);
  const ready = JSON.parse((await child.line(/READY (.*)/, 240_000))[1] as string) as { bootstrap: string };
  return { child, bootstrap: ready.bootstrap };
}

/** An app in a browser with one connection. */
async function withApp(
  page: ConstructorParameters<typeof BrowserUi>[0],
  topics: string,
  use: (ui: BrowserUi, bootstrap: string, clusterId: string, pid: number) => Promise<void>,
) {
  const dir = temporaryDir();
  const { child, bootstrap } = await launch(dir.path, topics);
  const served = await Served.start(dir.path);
  try {
    const ui = new BrowserUi(page);
    await ui.open(served.address);
    const { clusterId } = await ui.call<{ clusterId: string }>("clusters.add", { name: "Bench", bootstrap, environment: "dev", readOnly: false });
    await until("the connection", 30_000, async () => {
      const all = await ui.call<{ state: string }[]>("clusters.list");
      return all[0]?.state === "connected";
    });
    await use(ui, bootstrap, clusterId, served.child.process.pid ?? 0);
  } finally {
    await page.goto("about:blank");
    await served.child.end();
    await child.end();
    dir.remove();
  }
}

test("many topics", async ({ page }) => {
  const names = Array.from({ length: TOPICS }, (_, at) => `  - {name: topic-${String(at).padStart(5, "0")}, partitions: ${PARTITIONS}}`);
  await withApp(page, `topics:\n${names.join("\n")}\n`, async (ui, _, clusterId, pid) => {
    const grid = ui.page.getByRole("grid", { name: "Topics" });
    const rows = async () => Number(await grid.getAttribute("aria-rowcount"));
    const took = async (what: string, act: () => Promise<unknown>, done: () => Promise<boolean>) => {
      const begun = performance.now();
      await act();
      while (!(await done())) await pause(5);
      say(`${TOPICS.toLocaleString("en")} topics × ${PARTITIONS}, ${what}`, `${((performance.now() - begun) / 1_000).toFixed(2)} s`, "at most 1");
    };
    await ui.goto("/");
    await pause(5_000);
    await took("listed", () => ui.goto(`/c/${clusterId}/topics`), async () => (await grid.count()) > 0 && (await rows()) > TOPICS);
    const find = ui.page.getByRole("textbox", { name: "Find topics" });
    await took("filtered", () => find.fill("topic-0123"), async () => (await rows()) === 11);
    await find.fill("");
    await until("all again", 10_000, async () => (await rows()) > TOPICS);
    const first = () => grid.getByRole("row").nth(1).textContent();
    const head = grid.getByRole("columnheader", { name: "Topic" }).getByRole("button");
    await took("sorted", () => head.click(), async () => ((await first()) ?? "").includes("topic-09999"));
    say("own memory (PSS) with them", `${memoryMb(pid).toFixed(0)} MB`, "told");
  });
});

test("many rows and a fast tail", async ({ page }) => {
  await withApp(page, "topics:\n  - {name: many, partitions: 1}\n  - {name: tail, partitions: 6}\n", async (ui, bootstrap, clusterId, pid) => {
    await ui.goto(`/c/${clusterId}/overview`);
    await pause(IDLE_MS);
    say("own memory (PSS), one idle connection", `${memoryMb(pid).toFixed(0)} MB`, "below 200");

    kcat(bootstrap, ["-P", "-t", "many", "-p", "0", "-z", "lz4"], `${Array.from({ length: ROWS }, (_, n) => `row ${n}`).join("\n")}\n`);
    const { scanId } = await ui.call<{ scanId: string }>("scan.start", { clusterId, topic: "many", from: { kind: "beginning" }, limit: ROWS, live: false });
    const window = (index: number) => ui.call<{ count: number }>("scan.window", { scanId, anchor: { kind: "index", index }, before: 0, after: 60 });
    await until("every row", 120_000, async () => (await window(0)).count === ROWS);
    // In the page, as its grid asks: a round trip of the test's own would be measured with it.
    const places = Array.from({ length: WINDOWS }, (_, n) => Math.floor(((n * 7_919) % WINDOWS) * (ROWS / WINDOWS)));
    const times = await ui.page.evaluate(
      async ([scanId, places]) => {
        const times: number[] = [];
        for (const index of places) {
          const request = { scanId, anchor: { kind: "index", index }, before: 0, after: 60 };
          const body = JSON.stringify({ op: "scan.window", request });
          const begun = performance.now();
          const answer = await fetch("/api/rpc", { method: "POST", headers: { "content-type": "application/json" }, body });
          await answer.json();
          times.push(performance.now() - begun);
        }
        return times;
      },
      [scanId, places] as const,
    );
    say(`a window of 60 of ${ROWS.toLocaleString("en")} rows, p95`, `${share(times, 0.95).toFixed(1)} ms`, "below 16");
    await ui.call("scan.close", { scanId });

    const producer = new Producer(bootstrap, ["-t", "tail", "-X", "linger.ms=5"]);
    await ui.goto(`/c/${clusterId}/topics/tail/messages`);
    let sent = 0;
    const load = setInterval(() => {
      const lines = Array.from({ length: TAIL_PER_SEC / 50 }, () => `record ${sent++}`);
      producer.write(`${lines.join("\n")}\n`);
    }, 20);
    await pause(3_000);
    const before = sent;
    const frames = await ui.page.evaluate(async (ms) => {
      const gaps: number[] = [];
      const end = performance.now() + ms;
      let last = performance.now();
      while (last < end) {
        const now = await new Promise<number>((next) => requestAnimationFrame(() => next(performance.now())));
        gaps.push(now - last);
        last = now;
      }
      return gaps;
    }, TAIL_MS);
    const rate = ((sent - before) * 1_000) / TAIL_MS;
    clearInterval(load);
    const verdict = await ui.page.getByRole("status", { name: "Verdict" }).textContent();
    await producer.finish(30_000);
    say(`tail of ${Math.round(rate).toLocaleString("en")} records/s, frame median; p99`, `${share(frames, 0.5).toFixed(1)}; ${share(frames, 0.99).toFixed(1)} ms`, "16.7; below 50");
    say("it says", verdict ?? "nothing", "that it lets rows go");
    say("own memory (PSS) after it", `${memoryMb(pid).toFixed(0)} MB`, "told");
  });
});

test("what the first paint loads", async () => {
  const dir = join(root, "ui/dist/assets");
  const page = readFileSync(join(root, "ui/dist/index.html"), "utf8");
  const named = readdirSync(dir).filter((name) => page.includes(name) && /\.(js|css)$/.test(name));
  const bytes = named.reduce((sum, name) => sum + gzipSync(readFileSync(join(dir, name))).length, 0);
  const all = readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0);
  say("the UI at first paint, gzip", `${(bytes / 1_000).toFixed(0)} kB of ${(all / 1_000).toFixed(0)} kB on disk`, "below 400");
});
