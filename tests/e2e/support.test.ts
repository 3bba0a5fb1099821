// What the tests themselves must notice.
import { type App, test } from "./support/test.ts";

const hide = ({ ui }: App) =>
  ui.evaluate(() => {
    (document.querySelector("#root") as HTMLElement).style.display = "none";
  });

test("B a page that is blank at the end fails its test", async ({ browserApp }) => {
  test.fail();
  await hide(browserApp);
});
test("W a window that is blank at the end fails its test", async ({ windowApp }) => {
  test.fail();
  await hide(windowApp);
});
