// Every screen with the shop open, in both themes: no accessibility fault that axe knows, nothing on the console,
// and it fits a window of 960 × 600 and one at 200 % zoom.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { freePorts, until } from "./support/process.ts";
import { expect, test } from "./support/test.ts";

interface Axe {
  run: (what: unknown, how: unknown) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}

const SCREENS = [
  "/c/1/overview",
  "/c/1/overview?table=produceRate,lag",
  "/c/1/topics",
  "/c/1/topics?create=template",
  "/c/1/topics/orders/messages",
  "/c/1/topics/orders/messages?produce=1",
  "/c/1/topics/orders/partitions",
  "/c/1/topics/orders/groups",
  "/c/1/topics/orders/config?setting=retention.ms",
  "/c/1/groups",
  "/c/1/groups/fulfilment",
  "/c/1/groups/analytics?part=lag&table=lag",
  "/c/1/brokers",
  "/c/1/brokers/1?show=all",
  "/c/1/brokers/1?part=disk",
  "/c/1/brokers/1?part=topics",
  "/c/1/local",
  "/c/1/local?part=connect",
  "/c/1/local?part=settings",
  "/c/1/local?part=snapshots",
  "/c/1/local?part=log",
  "/c/1/history",
  "/settings",
  "/",
];

test("B every screen is clean to axe in both themes, and nothing is cut off sideways", async ({ browserApp }) => {
  test.setTimeout(240_000);
  // Two cores that draw and check pages may cost a broker its session of two seconds.
  browserApp.expectWarning(/group records not (written|committed)|metadata is late/);
  const { ui } = browserApp;
  const port = await freePorts(3);
  await ui.call("local.start", { brokers: 3, basePort: port, shop: true });
  await until("the shop", 20_000, async () => {
    const all = await ui.call<{ value: { group: string }[] }>("groups.list", { clusterId: "1" }).catch(() => undefined);
    return all?.value.length === 2;
  });
  const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const found: string[] = [];
  for (const scheme of ["light", "dark"] as const) {
    await ui.page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const screen of SCREENS) {
      await ui.goto(screen);
      // The bare address shows the tab of last time.
      if (screen === "/") await ui.click("link", "Clusters");
      await ui.page.locator("main h1, main h2").first().waitFor();
      await ui.page.waitForTimeout(700);
      await ui.page.evaluate(axe);
      const faults = await ui.page.evaluate(async () => {
        const { axe } = window as unknown as { axe: Axe };
        // Counts and shortcuts stand beside the words of a link, and are no part of what it is called.
        const rules = { "label-content-name-mismatch": { enabled: false } };
        const { violations } = await axe.run(document, { resultTypes: ["violations"], rules });
        return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
      });
      found.push(...faults.map((fault) => `${scheme} ${screen} ${fault}`));
    }
  }
  expect(found).toEqual([]);
  // 640 × 450 is what a window of 1280 × 900 has at 200 %.
  for (const [width, height] of [
    [960, 600],
    [640, 450],
  ] as const) {
    await ui.page.setViewportSize({ width, height });
    for (const screen of SCREENS) {
      await ui.goto(screen);
      await ui.page.locator("main h1, main h2").first().waitFor();
      await ui.page.waitForTimeout(300);
      const over = await ui.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) found.push(`${width}: ${screen} is ${over} px too wide`);
    }
  }
  expect(found).toEqual([]);
});
