// The test function of the flows: an app in a directory of its own, watched for what must not happen.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test as base, expect, type TestInfo } from "@playwright/test";
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

const isTrouble = (line: string) => / (WARN|ERROR) |panicked at/.test(line);

function logLines(dataDir: string): string[] {
  const logs = readdirSync(dataDir).filter((name) => name.startsWith("headwater.log"));
  return logs.flatMap((name) => readFileSync(join(dataDir, name), "utf8").split("\n"));
}

/** Fails the test over what the page, the log or the program's own output say and the test did not announce. */
async function judge(info: TestInfo, dataDir: string, page: string[], output: string[], allowed: RegExp[]) {
  const log = logLines(dataDir);
  const all = [...page, ...[...log, ...output].filter(isTrouble)];
  const undeclared = all.filter((line) => !allowed.some((pattern) => pattern.test(line)));
  if (undeclared.length > 0 || info.status !== info.expectedStatus)
    await info.attach("headwater.log", { body: log.join("\n"), contentType: "text/plain" });
  expect(undeclared, "console errors, refused styles or undeclared warnings").toEqual([]);
}

export const test = base.extend<Fixtures>({
  browserApp: async ({ page }, use, info) => {
    base.skip(!has("which", "kcat"), "kcat is missing");
    const dir = temporaryDir();
    const served = await Served.start(dir.path);
    const ui = new BrowserUi(page);
    const allowed: RegExp[] = [];
    try {
      await ui.open(served.address);
      await use({ ui, dataDir: dir.path, expectWarning: (pattern) => allowed.push(pattern) });
      await ui.notBlank();
      await page.goto("about:blank");
      await served.child.end();
      await judge(info, dir.path, ui.problems, served.child.lines, allowed);
      expect(served.child.process.exitCode, "the program ends in order").toBe(0);
    } finally {
      await served.child.end("SIGKILL");
      dir.remove();
    }
  },
  // Playwright reads which fixtures a test needs from this pattern, so it stays even when empty.
  // biome-ignore lint/correctness/noEmptyPattern: see above
  windowApp: async ({}, use, info) => {
    for (const name of ["Xvfb", "openbox", "WebKitWebDriver", "xdotool", "kcat"])
      base.skip(!has("which", name), `${name} is missing`);
    const dir = temporaryDir();
    const allowed: RegExp[] = [];
    const windows: WindowUi[] = [];
    const open = async () => {
      const ui = await WindowUi.open(dir.path);
      windows.push(ui);
      return ui;
    };
    try {
      const app = { ui: await open(), dataDir: dir.path, expectWarning: (p: RegExp) => allowed.push(p), reopen: open };
      await use(app);
      const last = windows[windows.length - 1];
      await last?.notBlank();
      const page = (await last?.consoleErrors()) ?? [];
      await last?.close();
      await judge(info, dir.path, page, windows.flatMap((ui) => ui.lines), allowed);
    } finally {
      for (const ui of windows) await ui.close();
      dir.remove();
    }
  },
});
