// What only a window has: its place among other windows, its size, its second launch.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { has, until } from "./support/process.ts";
import { expect, test } from "./support/test.ts";

test("W a second launch brings the first window to the front, and says so", async ({ windowApp }) => {
  const { ui } = windowApp;
  const shown = () => ui.evaluate(() => document.visibilityState);
  expect(await shown()).toBe("visible");
  await ui.minimize();
  await until("the window to be out of sight", 10_000, async () => (await shown()) === "hidden");
  const again = await ui.launchAgain();
  expect(again.lines.join("\n")).toMatch(/its window \(pid \d+\) is open already and was brought to the front/);
  expect(again.process.exitCode).toBe(0);
  await until("the window to be back", 10_000, async () => (await shown()) === "visible");
  await ui.sees("Start a local cluster");
});

test("W the window comes back in the size it was left in", async ({ windowApp }) => {
  let { ui } = windowApp;
  const size = () => ui.evaluate(() => `${innerWidth}x${innerHeight}`);
  const usual = await size();
  await ui.resize(1100, 700);
  await until("the new size", 10_000, async () => (await size()) !== usual);
  const left = await size();
  // The window writes what it remembers a moment after the last change.
  await new Promise((next) => setTimeout(next, 1500));
  await ui.close();
  ui = await windowApp.reopen();
  await until("the size it was left in", 10_000, async () => (await size()) === left);
});

test("W the tray says how the clusters are, and starts and stops the local one", async ({ windowApp }) => {
  const { ui } = windowApp;
  if (!has("which", "gdbus")) return;
  const info = await ui.call<{ capabilities: { tray: boolean } }>("app.info");
  if (!info.capabilities.tray) return;
  const says = (entry: string) => until(`${entry} in the tray`, 15_000, () => ui.trayEntries().includes(entry));
  await says("No cluster");
  expect(ui.trayEntries()).toEqual([
    "✓ Show Headwater",
    "No cluster",
    "✓ Start local cluster",
    "Stop local cluster",
    "✓ Quit Headwater",
  ]);
  ui.chooseInTray("Start local cluster");
  await says("1 cluster is healthy");
  await ui.sees("Running");
  ui.chooseInTray("Stop local cluster");
  await says("No cluster is connected");
  await says("✓ Start local cluster");
  await ui.sees("Stopped");
});

test("W a file is saved in the folder for downloads, beside what is there, and its place is said", async ({ windowApp }) => {
  const { ui } = windowApp;
  await ui.goto("/settings?report=1");
  await ui.sees('"program": "headwater"');
  await ui.click("button", "Save report");
  await ui.sees("Saved as ");
  const again = await ui.call<{ path: string }>("file.save", { name: "headwater-report.txt", text: "second" });
  expect(again.path).toMatch(/headwater-report \(2\)\.txt$/);
  expect(readFileSync(again.path, "utf8")).toBe("second");
  expect(readFileSync(again.path.replace(" (2)", ""), "utf8")).toContain("--- log ---");
});

test("W a store of a newer version is said in a window, to whoever starts it from a menu", async ({ windowApp }) => {
  const { dataDir } = windowApp;
  await windowApp.ui.close();
  const newer = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute('UPDATE schema_steps SET applied = 99'); db.commit()";
  execFileSync("python3", ["-c", newer, join(dataDir, "headwater.db")]);
  const ui = await windowApp.reopen();
  await ui.sees("The app's store is newer than this Headwater");
  await ui.sees("Use the newer Headwater, or another --data-dir");
});

test("W the menu bar is the person's to have, and does what the palette does", async ({ windowApp }) => {
  const { ui } = windowApp;
  await ui.goto("/settings");
  const height = () => ui.evaluate(() => innerHeight);
  const without = await height();
  await ui.click("switch", "Menu bar");
  await until("the menu bar above the page", 10_000, async () => (await height()) < without);
  // Opens the first menu, whose first entry leads home.
  ui.pressOnDesktop("F10", "Down", "Return");
  await until("the first entry to be followed", 10_000, async () => (await ui.path()) === "/");
  await ui.goto("/settings");
  await ui.click("switch", "Menu bar");
  await until("the whole window for the page", 10_000, async () => (await height()) === without);
});
