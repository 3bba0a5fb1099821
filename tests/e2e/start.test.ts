// What can stand in the way of a start: each is named, and the remedy that is offered works.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Child, binary, freePorts, temporaryDir, until } from "./support/process.ts";
import { BrowserUi, Served } from "./support/browser.ts";
import { startCluster } from "./support/flows.ts";
import { type App, expect, test } from "./support/test.ts";

interface Cluster {
  state: string;
  bootstrap: string;
}

const local = async ({ ui }: App) => (await ui.call<Cluster[]>("clusters.list"))[0];

test("B a taken port is named, and the ports that are offered instead are used", async ({ browserApp }) => {
  const { ui } = browserApp;
  const port = await freePorts(3);
  const other = createServer();
  await new Promise<void>((done) => other.listen(port, "127.0.0.1", done));
  await ui.click("button", "Options…");
  await ui.fill("First port", String(port));
  await ui.click("button", "Start empty");
  await ui.sees(`Port ${port} is taken`);
  await ui.click("button", /^Use ports from \d+ on$/);
  await until("the cluster on other ports", 20_000, async () => (await local(browserApp))?.state === "connected");
  expect((await local(browserApp))?.bootstrap).not.toContain(`:${port}`);
  other.close();
});

test("B a port that somebody else has at the next start is named, and the cluster does not move by itself", async ({ browserApp }) => {
  const { ui } = browserApp;
  await startCluster(browserApp);
  const before = (await local(browserApp))?.bootstrap ?? "";
  await ui.click("button", "Stop cluster");
  await ui.sees("Local is stopped");
  const port = Number(/:(\d+)/.exec(before)?.[1]);
  const other = createServer();
  await new Promise<void>((done) => other.listen(port, "127.0.0.1", done));
  await ui.click("button", "Start a local cluster");
  await ui.sees(`Port ${port} is taken`);
  expect(await local(browserApp)).toMatchObject({ state: "stopped", bootstrap: before });
  await ui.click("button", /^Use ports from \d+ on$/);
  await ui.sees("Partitions online");
  other.close();
});

test("B what the window remembers may be anything, and the window still opens", async ({ browserApp }) => {
  const { ui } = browserApp;
  const { clusterId } = await startCluster(browserApp);
  const remembered = {
    prefs: { pins: null, views: [], hidden: 5, tried: "x", density: null, zone: 7, inspectorWidth: "wide" },
    tabs: { tabs: [null, { id: 1 }, { id: "a", hrefs: [] }, { id: "b", hrefs: ["/"], at: 9 }], active: {} },
    drafts: [1, 2, 3],
  };
  for (const [key, value] of Object.entries(remembered)) {
    await ui.call("state.put", { key, value: JSON.stringify(value) });
  }
  await ui.goto(`/c/${clusterId}/overview`);
  await ui.sees("Partitions online");
});

test("B who lost the cookie, or takes a second browser, opens the printed address again", async ({ browserApp, browser }) => {
  const { ui, expectWarning } = browserApp;
  expectWarning(/status of 401/);
  expectWarning(/WebSocket connection .* failed/);
  await ui.page.context().clearCookies();
  await ui.goto("/");
  await ui.sees("This page is not let in");
  await ui.sees("Open the address that stands in the terminal");
  expect(await ui.page.locator("body").textContent()).not.toContain("`");
  await ui.page.goto(ui.printed);
  await ui.sees("Start a local cluster");
  const second = await browser.newPage();
  const other = new BrowserUi(second);
  await other.open(ui.printed);
  await other.sees("Start a local cluster");
  expect(other.problems).toEqual([]);
  await second.context().close();
});

test("B a file in the folder's place is named, and after it is gone the start works", async ({ browserApp }) => {
  const { ui, dataDir } = browserApp;
  const port = await freePorts(3);
  const folder = join(dataDir, "local");
  writeFileSync(folder, "not a folder");
  await ui.click("button", "Options…");
  await ui.fill("First port", String(port));
  await ui.click("button", "Start empty");
  await ui.sees("The local cluster did not start");
  await ui.sees(folder);
  rmSync(folder);
  await ui.click("button", "Start empty");
  await ui.sees("Partitions online");
});

test("B data of a newer format is named, and resetting the local cluster makes it start", async ({ browserApp }) => {
  const { ui, dataDir } = browserApp;
  const { clusterId } = await startCluster(browserApp);
  await ui.click("button", "Stop cluster");
  await ui.sees("Local is stopped");
  const properties = join(dataDir, "local", "headwater.properties");
  writeFileSync(properties, readFileSync(properties, "utf8").replace(/headwater.format=\d+/, "headwater.format=99"));
  await ui.click("button", "Start a local cluster");
  await ui.sees("The local cluster did not start");
  await ui.sees(`${join(dataDir, "local")} has format 99`);
  await ui.sees("Use the newer Headwater, or reset the local cluster");
  await ui.click("button", "More for the local cluster");
  await ui.click("menuitem", "Reset cluster…");
  await ui.fill("Confirmation", "Local");
  await ui.click("button", /^Reset/);
  await until("the dialog to close", 15_000, () => ui.evaluate(() => !document.querySelector("[role=dialog]")));
  await ui.click("button", "Start a local cluster");
  await ui.sees("Partitions online");
  expect(await ui.path()).toBe(`/c/${clusterId}/overview`);
});

test("B a damaged store is kept aside, a new one begun, and both are said", async ({ page }) => {
  const dir = temporaryDir();
  writeFileSync(join(dir.path, "headwater.db"), "this is no store at all, and never was one");
  const served = await Served.start(dir.path);
  try {
    const ui = new BrowserUi(page);
    await ui.open(served.address);
    await ui.sees("The file with connections, history and settings was damaged");
    const kept = readdirSync(dir.path).find((name) => name.startsWith("headwater.db.damaged-")) ?? "";
    expect(readFileSync(join(dir.path, kept), "utf8")).toContain("no store at all");
    await ui.sees("Start a local cluster");
  } finally {
    await page.goto("about:blank");
    await served.child.end();
    dir.remove();
  }
});

test("B what is set for the program counts at once, and what is out of range is refused", async ({ browserApp }) => {
  const { ui } = browserApp;
  await ui.goto("/settings");
  await ui.click("radio", "every 5 s");
  await ui.choose("Records in memory", "256 MB");
  const wanted = { lookEverySec: 5, idleEverySec: 10, scanMemoryMb: 256, notify: true };
  await expect.poll(() => ui.call("settings.get")).toEqual(wanted);
  const refused = await ui.call("settings.put", { ...wanted, lookEverySec: 0 }).catch((error: unknown) => String(error));
  expect(refused).toContain("are 1 to 5, not 0");
  expect(await ui.call("settings.get")).toEqual(wanted);
});

test("B data that another process uses is named with its pid, and after it ended the start works", async ({ browserApp }) => {
  const { ui, dataDir } = browserApp;
  const port = await freePorts(3);
  const folder = join(dataDir, "local");
  mkdirSync(folder);
  const listen = `PLAINTEXT://localhost:${port}`;
  const other = new Child(binary("headwater-cluster"), ["start", "--data-dir", folder, "--brokers", "1", "--listen", listen]);
  await other.line(/READY/);
  await ui.click("button", "Options…");
  await ui.fill("First port", String(await freePorts(3)));
  await ui.click("button", "Start");
  await ui.sees(`Another Headwater (pid ${other.process.pid}) uses its data.`);
  await ui.sees("Use the other window, or end that program");
  await other.end();
  await ui.click("button", "Start");
  await ui.sees("Partitions online");
});

test("without a display the program says so and what to do instead", async () => {
  for (const display of ["", ":4711"]) {
    const dir = temporaryDir();
    const child = new Child(binary("headwater"), ["--data-dir", dir.path], { DISPLAY: display, WAYLAND_DISPLAY: "" });
    await until("the program to end", 15_000, () => child.ended);
    const said = child.lines.join("\n");
    expect(said).toContain("There is no display");
    expect(said).toContain("headwater serve");
    expect(said).not.toContain("panicked");
    expect(child.process.exitCode).toBe(1);
    dir.remove();
  }
});
