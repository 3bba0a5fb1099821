// The test function of the flows: an app in a directory of its own, watched for what must not happen.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test as base, expect } from "@playwright/test";
import { BrowserUi, Served } from "./browser.ts";
import { has, temporaryDir } from "./process.ts";
import type { Ui } from "./ui.ts";
import { WindowUi } from "./window.ts";

export { expect };

export interface App {
  ui: Ui;
  dataDir: string;
  /** Warnings this test causes on purpose. */
  expectWarning(pattern: RegExp): void;
}

interface Fixtures {
  browserApp: App & { ui: BrowserUi };
  windowApp: App & { ui: WindowUi; reopen(): Promise<WindowUi> };
}

/** Warnings and errors of the app's log file. */
function warnings(dataDir: string): string[] {
  const logs = readdirSync(dataDir, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".log") && !name.includes("broker-") && !name.includes("controller"));
  const lines = logs.flatMap((name) => readFileSync(join(dataDir, name), "utf8").split("\n"));
  return lines.filter((line) => / (WARN|ERROR) /.test(line));
}

function judge(dataDir: string, problems: string[], allowed: RegExp[]): void {
  const undeclared = [...problems, ...warnings(dataDir)].filter((line) => !allowed.some((p) => p.test(line)));
  expect(undeclared, "console errors, refused styles or undeclared warnings").toEqual([]);
}

export const test = base.extend<Fixtures>({
  browserApp: async ({ page }, use) => {
    const dir = temporaryDir();
    const served = await Served.start(dir.path);
    const ui = new BrowserUi(page);
    await ui.open(served.address);
    const allowed: RegExp[] = [];
    await use({ ui, dataDir: dir.path, expectWarning: (pattern) => allowed.push(pattern) });
    await page.goto("about:blank");
    await served.child.end();
    judge(dir.path, ui.problems, allowed);
    dir.remove();
  },
  // Playwright reads which fixtures a test needs from this pattern, so it stays even when empty.
  // biome-ignore lint/correctness/noEmptyPattern: see above
  windowApp: async ({}, use) => {
    base.skip(!["Xvfb", "openbox", "WebKitWebDriver"].every((name) => has("which", name)), "a display is missing");
    const dir = temporaryDir();
    let ui = await WindowUi.open(dir.path);
    const allowed: RegExp[] = [];
    const app = {
      ui,
      dataDir: dir.path,
      expectWarning: (pattern: RegExp) => allowed.push(pattern),
      reopen: async () => {
        ui = await WindowUi.open(dir.path);
        return ui;
      },
    };
    try {
      await use(app);
    } finally {
      await ui.close();
    }
    judge(dir.path, [], allowed);
    dir.remove();
  },
});
