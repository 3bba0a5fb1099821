// Charts: a part of the time by pointer and by keys, and what is shown as files.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createTopic, startCluster } from "./support/flows.ts";
import { Producer } from "./support/kafka.ts";
import { until } from "./support/process.ts";
import { type App, expect, test } from "./support/test.ts";

interface View {
  series: { name: string; points: [number, number | null][] }[];
}

/** A cluster whose chart of rates has some points, and how its numbers are asked for. */
async function withRates(app: App, points = 6) {
  const { ui } = app;
  const cluster = await startCluster(app);
  await createTopic(app, cluster, "orders");
  const producer = new Producer(cluster.bootstrap, ["-t", "orders"]);
  const load = setInterval(() => producer.write("x\n"), 20);
  const request = { clusterId: cluster.clusterId, series: "produceRate", rangeMs: 900_000, width: 400, height: 164 };
  try {
    await ui.goto(`/c/${cluster.clusterId}/overview`);
    await until("some points", 40_000, async () => {
      const view = await ui.call<View>("chart.get", request);
      return (view.series[0]?.points.length ?? 0) >= points;
    });
  } finally {
    clearInterval(load);
    await producer.finish(10_000);
  }
  return { request };
}

/** What was measured, by time as files and copies write it. */
async function numbersOf({ ui }: App, request: unknown): Promise<Map<string, string>> {
  const view = await ui.call<View>("chart.get", request);
  const points = view.series[0]?.points ?? [];
  return new Map(points.map(([at, value]) => [new Date(at).toISOString(), String(value ?? "")]));
}

test("B a part of a chart's time is chosen, given back, and saved as PNG, SVG and CSV", async ({ browserApp }) => {
  const { ui } = browserApp;
  const { request } = await withRates(browserApp);
  const chart = ui.page.locator("figure.chart").first();
  const plot = chart.getByRole("application");
  const whole = chart.getByRole("button", { name: "Whole range" });
  const box = await plot.boundingBox();
  if (!box) throw new Error("the chart is not there");
  const y = box.y + box.height / 2;
  await ui.page.mouse.move(box.x + box.width * 0.9, y);
  await ui.page.mouse.down();
  await ui.page.mouse.move(box.x + box.width - 1, y, { steps: 5 });
  await ui.page.mouse.up();
  await expect(whole).toBeVisible();
  await plot.focus();
  await ui.press("Escape");
  await expect(whole).toBeHidden();
  // The same by keys: back from the newest, and on letting Shift go the part is chosen.
  await ui.press("ArrowLeft");
  await expect(chart.locator(".tip")).toBeVisible();
  await ui.press("Shift+ArrowLeft");
  await expect(whole).toBeVisible();

  const save = async (what: string) => {
    const download = ui.page.waitForEvent("download");
    await chart.getByRole("button", { name: /^Save / }).click();
    await ui.click("menuitem", what);
    const file = await download;
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  };
  const csv = await save("Save the numbers as CSV");
  expect(csv.name).toMatch(/\.csv$/);
  const rows = csv.bytes.toString().trim().split("\r\n").slice(1);
  const known = await numbersOf(browserApp, request);
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    const [time, value] = row.split(",");
    expect(known.get(time ?? "") ?? "").toBe(value);
  }
  const svg = await save("Save as SVG");
  expect(svg.bytes.toString()).toContain("<polyline");
  const png = await save("Save as PNG");
  expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
  expect([png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)]).toEqual([1920, 720]);
});

test("B a chart's samples are a table of the same part of the time, which the address remembers", async ({ browserApp }) => {
  const { ui } = browserApp;
  // Five steps back by keys are a part of them.
  const { request } = await withRates(browserApp, 9);
  const chart = ui.page.locator("figure.chart").first();
  const toggle = chart.getByRole("button", { name: "Table of Records per second", exact: true });
  const grid = chart.getByRole("grid", { name: "Samples of Records per second" });
  await toggle.focus();
  await ui.press("Enter");
  await expect(toggle).toHaveAttribute("aria-pressed", "true");
  await expect(ui.page).toHaveURL(/[?&]table=produceRate$/);
  await expect(grid.getByRole("columnheader", { name: "Time", exact: true })).toBeVisible();
  await expect(grid.getByRole("columnheader", { name: /produced\s*records\/s/ })).toBeVisible();

  /** The table as it is copied: its head, and a line for each row. */
  const copy = async () => {
    await ui.page.evaluate(() => {
      Object.assign(window, { copied: undefined });
      navigator.clipboard.writeText = async (text) => void Object.assign(window, { copied: text });
    });
    await chart.getByRole("button", { name: "Copy table of Records per second" }).click();
    const text = await until("the copy", 5_000, () => ui.page.evaluate(() => (window as unknown as { copied?: string }).copied));
    const [head, ...lines] = text.split("\n").map((line) => line.split("\t"));
    return { head, lines };
  };
  /** Every sample of it was measured so. */
  const check = async (lines: string[][]) => {
    const known = await numbersOf(browserApp, request);
    for (const [time, value] of lines) if (value !== "not measured") expect(known.get(time ?? "")).toBe(value);
  };
  // The page asks by itself when there is more.
  const whole = await until("nine samples in the table", 30_000, async () => {
    const copied = await copy();
    return copied.lines.length >= 9 ? copied : undefined;
  });
  await check(whole.lines);
  expect(whole.head?.slice(0, 2)).toEqual(["time", "produced, records/s"]);
  const times = whole.lines.map(([time]) => time ?? "");
  expect(times, "the newest first").toEqual([...times].sort().reverse());

  // What is chosen in the chart is chosen in the table.
  const plot = chart.getByRole("application");
  await plot.focus();
  await ui.press("ArrowLeft", "Shift+ArrowLeft");
  await expect(chart.getByRole("button", { name: "Whole range" })).toBeVisible();
  const part = await copy();
  expect(part.lines.length).toBeGreaterThan(0);
  expect(part.lines.length).toBeLessThan(whole.lines.length);
  await check(part.lines);
  await expect(grid).toHaveAttribute("aria-rowcount", String(part.lines.length + 1));
  // A row that is picked has the cross-hair of the chart.
  await grid.focus();
  await ui.press("ArrowDown");
  await expect(grid.getByRole("row", { selected: true })).toHaveCount(1);
  await expect(chart.locator(".tip")).toBeVisible();

  await ui.page.reload();
  await expect(grid).toBeVisible();
  await expect(toggle).toHaveAttribute("aria-pressed", "true");
  await toggle.focus();
  await ui.press("Enter");
  await expect(grid).toHaveCount(0);
  await expect(ui.page).toHaveURL(/\/overview$/);
});

test("W a chart is saved as a PNG from the window", async ({ windowApp }) => {
  const { ui, dataDir } = windowApp;
  const cluster = await startCluster(windowApp);
  await createTopic(windowApp, cluster, "orders");
  const producer = new Producer(cluster.bootstrap, ["-t", "orders"]);
  const load = setInterval(() => producer.write("x\n"), 20);
  await ui.goto(`/c/${cluster.clusterId}/overview`);
  const name = "records-per-second.png";
  try {
    await until("the chart's menu", 40_000, () => ui.click("button", "Save Records per second").then(() => true, () => false));
    await ui.click("menuitem", "Save as PNG");
    await ui.sees("Saved as ");
  } finally {
    clearInterval(load);
    await producer.finish(10_000);
  }
  const png = readFileSync(join(dataDir, name));
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1920, 720]);
});
