// The program behind the page ends, or a hasty Enter would end something.
import { BrowserUi, Served } from "./support/browser.ts";
import { startCluster } from "./support/flows.ts";
import { kcat } from "./support/kafka.ts";
import { temporaryDir } from "./support/process.ts";
import { expect, test } from "./support/test.ts";

test("B a program that has ended is said, with since when", async ({ page }) => {
  const dir = temporaryDir();
  const served = await Served.start(dir.path);
  const ui = new BrowserUi(page);
  try {
    await ui.open(served.address);
    await startCluster({ ui, dataDir: dir.path, expectWarning: () => undefined });
    await ui.lacks("does not answer");
    await served.child.end("SIGKILL");
    await ui.sees(/Headwater does not answer since \d\d:\d\d/);
    await ui.lacks(/Connected \d of \d/);
  } finally {
    await served.child.end("SIGKILL");
    dir.remove();
  }
});

test("B Enter in an empty palette runs nothing", async ({ browserApp: app }) => {
  const cluster = await startCluster(app);
  await app.ui.press("Control+k", "Enter", "Escape");
  await app.ui.lacks("is stopped", 500);
  expect(kcat(cluster.bootstrap, ["-L"])).toContain("3 brokers");
});
