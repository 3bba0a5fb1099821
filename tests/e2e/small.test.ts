// The smallest window: what is shown is shown whole, or can be scrolled to.
import { startCluster } from "./support/flows.ts";
import { expect, test } from "./support/test.ts";

test("B at 960 × 600 the welcome, the overview and its code are whole", async ({ browserApp }) => {
  const { ui } = browserApp;
  await ui.page.setViewportSize({ width: 960, height: 600 });
  /** The texts that are wider than their place. */
  const cut = (selector: string) =>
    ui.page.locator(selector).evaluateAll((all) =>
      all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent),
    );
  await ui.sees("Records/s");
  expect(await cut(".shop-cols, .shop-cols > *, .group-cols > .m:first-child")).toEqual([]);
  await ui.sees(/7 topics28.*19\.5/);

  await startCluster(browserApp);
  await ui.page.evaluate(() => document.fonts.ready);
  const strip = ui.page.getByRole("region", { name: "Health" });
  const [box, ...tiles] = await Promise.all([strip, ...(await strip.locator("> *").all())].map((one) => one.boundingBox()));
  expect(tiles).toHaveLength(9);
  expect(box?.height).toBeLessThan(60);
  for (const tile of tiles) {
    expect((tile?.x ?? 0) + (tile?.width ?? 0)).toBeLessThanOrEqual((box?.x ?? 0) + (box?.width ?? 0) + 1);
    expect(tile?.y).toBe(tiles[0]?.y);
  }
  expect(await cut(".strip .k, .strip .v, .facts > *, .connect .views .v, .chart .title > span:first-child")).toEqual([]);

  // A line of code that is too long goes on below its own beginning, and is copied as one.
  const long = ui.page.locator(".snippet > *").filter({ hasText: "bootstrap.servers" });
  const at = await long.evaluate((line) => {
    const range = document.createRange();
    range.selectNodeContents(line);
    return Array.from(range.getClientRects()).map((rect) => Math.round(rect.left));
  });
  expect(at[at.length - 1]).toBeGreaterThan(at[0] ?? 0);
  expect(await ui.page.locator(".snippet").evaluate((code) => code.scrollWidth - code.clientWidth)).toBeLessThanOrEqual(0);
  const copied = await ui.page.locator(".snippet").evaluate((code) => {
    getSelection()?.selectAllChildren(code);
    return getSelection()?.toString();
  });
  expect(copied).toMatch(/Producer\n\np = Producer\(\{\n {4}"bootstrap\.servers": "localhost:\d+",\n\}\)/);
});

test("B the overview names the controller among its brokers, and its charts are of one width", async ({ browserApp }) => {
  const { ui } = browserApp;
  await startCluster(browserApp);
  await expect(ui.page.getByRole("grid", { name: "Brokers" }).getByRole("row", { name: /^Broker 1 / })).toContainText("Running, controller");
  const widths = await ui.page.locator(".charts > *").evaluateAll((all) => all.map((one) => one.clientWidth));
  expect(Math.abs((widths[0] ?? 0) - (widths[1] ?? 0))).toBeLessThanOrEqual(1);
});
