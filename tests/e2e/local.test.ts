// The local cluster under load and in bulk, across a kill of the app, and by keyboard alone.
import { spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { kcat, readAll } from "./support/kafka.ts";
import { until } from "./support/process.ts";
import { expect, test } from "./support/test.ts";

interface Cluster {
  clusterId: string;
  bootstrap: string;
}

test("B6 a broker stops and starts under acks=all load: it shows, it heals, nothing is lost", async ({ browserApp }) => {
  const { ui } = browserApp;
  await ui.click("button", "Start a local cluster");
  await ui.sees("Partitions online");
  const [cluster] = (await ui.call("clusters.list")) as [Cluster];
  kcat(cluster.bootstrap, ["-P", "-t", "ledger"], "0\n");
  const acknowledged = ["0"];
  let stop = false;
  const load = (async () => {
    for (let n = 1; !stop; n++) {
      const args = ["-q", "-b", cluster.bootstrap, "-P", "-t", "ledger", "-X", "acks=all"];
      const child = spawn("kcat", args, { stdio: ["pipe", "ignore", "ignore"] });
      child.stdin.end(`${n}\n`);
      const code = await new Promise((done) => child.on("exit", done));
      if (code === 0) acknowledged.push(String(n));
    }
  })();
  await ui.goto(`/c/${cluster.clusterId}/brokers`);
  const leader = await until("a leader", 10_000, async () => {
    const request = { clusterId: cluster.clusterId, topic: "ledger" };
    // The app looks every two seconds; before that the new topic is not known.
    const detail = await ui
      .call<{ value: { partitions: { leader?: number }[] } }>("topic.get", request)
      .catch(() => undefined);
    return detail?.value.partitions[0]?.leader;
  });
  const health = async () => {
    const { value } = await ui.call<{ value: { underReplicated: number; brokersTotal: number; brokers: { state: string }[] } }>(
      "overview.get", { clusterId: cluster.clusterId },
    );
    return value;
  };
  await ui.click("button", `Stop broker ${leader}`);
  await until("under-replication", 10_000, async () => (await health()).underReplicated > 0);
  await ui.goto(`/c/${cluster.clusterId}/overview`);
  await ui.sees(/Under-replicated ?[1-9]/);
  const before = acknowledged.length;
  await until("writes without it", 70_000, () => acknowledged.length > before + 2);
  await ui.goto(`/c/${cluster.clusterId}/brokers`);
  await ui.click("button", `Start broker ${leader}`);
  await until("healing", 20_000, async () => (await health()).underReplicated === 0);
  await ui.goto(`/c/${cluster.clusterId}/overview`);
  await ui.sees(/Under-replicated ?0/);
  stop = true;
  await load;
  const found = new Set(readAll(cluster.bootstrap, "ledger").map((row) => row.split("|")[4]));
  expect(acknowledged.filter((n) => !found.has(n))).toEqual([]);
});

interface Window {
  rows: { rowId: string; offset: string; value: { text?: string } }[];
  firstIndex: number;
  count: number;
}

test("B7 two million rows, exact numbers, inert markup, a steady anchor", async ({ browserApp }) => {
  const { ui } = browserApp;
  await ui.click("button", "Start a local cluster");
  await ui.sees("Partitions online");
  const [cluster] = (await ui.call("clusters.list")) as [Cluster];
  const line = '{"id":9223372036854775807,"rate":0.10,"name":"<img src=x onerror=alert(1)>"}';
  kcat(cluster.bootstrap, ["-P", "-t", "many", "-p", "0", "-K|", "-H", "<b>h</b>=<i>v</i>"], `<img src=x onerror=alert(2)>|${line}\n`);
  const numbers = Array.from({ length: 2_000_000 }, (_, n) => n).join("\n");
  kcat(cluster.bootstrap, ["-P", "-t", "many", "-p", "0", "-z", "lz4"], `${numbers}\n`);
  await ui.goto(`/c/${cluster.clusterId}/topics/many/messages?from=beginning&limit=3000000`);
  const grid = ui.page.getByRole("grid", { name: "Records" });
  const rows = async () => Number(await grid.getAttribute("aria-rowcount"));
  await until("every row", 60_000, async () => (await rows()) > 2_000_000);
  // Read from the beginning, the oldest record is on top.
  await grid.focus();
  await ui.press("Home");
  await until("the oldest row", 10_000, async () => (await grid.textContent())?.includes("9223372036854775807"));
  await ui.click("row", /9223372036854775807/);
  await ui.sees("0.10");
  await ui.sees("<img src=x onerror=alert(1)>");
  expect(await ui.page.locator("img").count()).toBe(0);
  await ui.press("Escape");
  await grid.focus();
  await ui.press("End");
  await ui.sees("1999999");
  await ui.page.mouse.move(640, 500);
  await ui.page.mouse.wheel(0, -300);
  const place = async () => (await ui.page.getByRole("row", { name: /1999985/ }).boundingBox())?.y;
  const before = await until("a row to watch", 5_000, place);
  kcat(cluster.bootstrap, ["-P", "-t", "many", "-p", "0"], "later-1\nlater-2\nlater-3\n");
  await until("the new rows", 10_000, async () => (await rows()) > 2_000_003);
  expect(Math.abs(((await place()) ?? 0) - before)).toBeLessThan(2);
});

/** The window's process: the driver started it with this test's directory. */
function appPid(dataDir: string): number {
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, "utf8").split("\0");
      if (words[0]?.endsWith("/headwater") && words.includes(dataDir)) return Number(name);
    } catch {
      // It has ended in the meantime.
    }
  }
  throw new Error("the window's process is not there");
}

test("W8 after kill −9 the tabs, the cluster and the data are back", async ({ windowApp }) => {
  let ui = windowApp.ui;
  await ui.click("button", "Start a local cluster");
  await ui.sees("Partitions online");
  const [cluster] = (await ui.call("clusters.list")) as [Cluster];
  kcat(cluster.bootstrap, ["-P", "-t", "kept", "-X", "acks=all"], "still here\n");
  await ui.goto(`/c/${cluster.clusterId}/topics/kept/messages`);
  await ui.sees("still here");
  await new Promise((next) => setTimeout(next, 1500));
  process.kill(appPid(windowApp.dataDir), "SIGKILL");
  await ui.endChildren();
  ui = await windowApp.reopen();
  await ui.sees("still here", 30_000);
  expect(await ui.path()).toBe(`/c/${cluster.clusterId}/topics/kept/messages`);
  expect(kcat(cluster.bootstrap, ["-C", "-t", "kept", "-e"])).toBe("still here\n");
});

test("B by keyboard alone: palette, create, produce", async ({ browserApp }) => {
  const { ui } = browserApp;
  await ui.page.getByRole("button", { name: "Start a local cluster" }).focus();
  await ui.press("Enter");
  await ui.sees("Partitions online");
  await ui.press("Control+k");
  await ui.page.keyboard.type("Topics");
  await ui.press("Enter");
  await ui.page.waitForURL("**/topics");
  await ui.press("n");
  await ui.page.keyboard.type("typed");
  await ui.press("Enter");
  await ui.sees("Create topic typed");
  await ui.page.getByRole("button", { name: "Apply" }).waitFor();
  await ui.press("Tab", "Enter");
  await ui.lacks("Create topic typed");
  await ui.press("Control+k");
  await ui.page.keyboard.type("typed");
  await ui.page.getByRole("option", { name: "typed" }).waitFor();
  await ui.press("Enter");
  await ui.page.waitForURL("**/topics/typed/messages");
  await ui.press("p");
  await ui.page.getByRole("textbox", { name: "Value", exact: true }).focus();
  await ui.page.keyboard.type("hello");
  await ui.page.getByRole("button", { name: "Send to typed" }).focus();
  await ui.press("Enter");
  await ui.sees(/written: partition/);
});
