// Charts: a part of the time by pointer and by keys, and what is shown as files.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createTopic, startCluster } from "./support/flows.ts";
import { Producer } from "./support/kafka.ts";
import { until } from "./support/process.ts";
import { expect, test } from "./support/test.ts";

interface View {
  series: { name: string; points: [number, number | null][] }[];
}

test("B a part of a chart's time is chosen, given back, and saved as PNG, SVG and CSV", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await createTopic(browserApp, cluster, "orders");
  const producer = new Producer(cluster.bootstrap, ["-t", "orders"]);
  const load = setInterval(() => producer.write("x\n"), 20);
  try {
    await ui.goto(`/c/${cluster.clusterId}/overview`);
    const request = { clusterId: cluster.clusterId, series: "produceRate", rangeMs: 900_000, width: 400, height: 164 };
    await until("some points", 40_000, async () => {
      const view = await ui.call<View>("chart.get", request);
      return (view.series[0]?.points.length ?? 0) >= 6;
    });
  } finally {
    clearInterval(load);
    await producer.finish(10_000);
  }
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
  const view = await ui.call<View>("chart.get", {
    clusterId: cluster.clusterId,
    series: "produceRate",
    rangeMs: 900_000,
    width: 400,
    height: 164,
  });
  const known = new Map(view.series[0]?.points.map(([at, value]) => [new Date(at).toISOString(), value]));
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    const [time, value] = row.split(",");
    expect(String(known.get(time ?? "") ?? "")).toBe(value);
  }
  const svg = await save("Save as SVG");
  expect(svg.bytes.toString()).toContain("<polyline");
  const png = await save("Save as PNG");
  expect(png.bytes.subarray(1, 4).toString()).toBe("PNG");
  expect([png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)]).toEqual([1920, 720]);
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
