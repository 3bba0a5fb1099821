// A walk through the screens by keyboard alone, on fixtures. Fails on a missed step, a refused style or
// a console error.
//   node scripts/keys.mjs [--no-build]
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { launch, watch } from "./browser.mjs";
import { serve } from "./serve.mjs";

if (!process.argv.includes("--no-build"))
  execFileSync("npm", ["run", "-s", "build:mock"], { stdio: "ignore" });
mkdirSync("shots", { recursive: true });
const { origin, close } = await serve("dist-mock");
const browser = await launch();
const problems = [];
const failed = [];

async function walk(name, scenario, path, steps, live = false) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, timezoneId: "UTC" });
  await context.addInitScript((state) => localStorage.setItem("headwater.scenario", state), scenario);
  if (!live) await context.addInitScript(() => localStorage.setItem("headwater.still", "1"));
  const page = await context.newPage();
  page.setDefaultTimeout(3000);
  watch(page, problems);
  await page.goto(origin + path);
  try {
    await steps(page);
    console.log("ok  ", name);
  } catch (error) {
    failed.push(name);
    console.log("FAIL", name, "\n     ", String(error.message).split("\n").slice(0, 4).join("\n      "));
    await page.screenshot({ path: `shots/keys-${failed.length}.png` });
  }
  await context.close();
}

const press = async (page, ...keys) => {
  for (const key of keys) await page.keyboard.press(key);
};
const focusGrid = async (page, name) => {
  await page.getByRole("grid", { name }).waitFor();
  for (let i = 0; i < 60; i++) {
    if (
      await page.evaluate(
        (name) => document.activeElement?.matches(`[role="grid"][aria-label="${name}"]`),
        name,
      )
    )
      return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reached ${name}`);
};
const seen = (locator) => locator.waitFor({ state: "visible" });

await walk("start a cluster from the welcome", "welcome", "/", async (page) => {
  await seen(page.getByRole("button", { name: "Start with sample shop" }));
  for (let i = 0; i < 30; i++) {
    if (
      await page
        .getByRole("button", { name: "Start with sample shop" })
        .evaluate((e) => e === document.activeElement)
    )
      break;
    await press(page, "Tab");
  }
  await press(page, "Enter");
  await page.waitForURL("**/c/local/overview");
});

await walk("palette opens a topic", "full", "/c/local/overview", async (page) => {
  await seen(page.getByRole("grid", { name: "Brokers" }));
  await press(page, "Control+k");
  await page.keyboard.type("shipm");
  await seen(page.getByRole("option", { name: "shipments" }));
  await press(page, "Enter");
  await page.waitForURL("**/topics/shipments/messages");
});

await walk("list, record, inspector and back", "full", "/c/local/topics", async (page) => {
  await focusGrid(page, "Topics");
  await press(page, "ArrowDown", "ArrowDown", "Enter");
  await page.waitForURL("**/topics/orders/messages");
  await focusGrid(page, "Records");
  await press(page, "ArrowDown", "ArrowDown");
  await seen(page.getByRole("region", { name: "Record", exact: true }));
  const first = page.url();
  await press(page, "PageDown");
  await page.waitForFunction((url) => location.href !== url, first);
  await press(page, "End");
  await seen(page.getByRole("row", { selected: true }));
  await press(page, "Escape");
  await page.getByRole("region", { name: "Record", exact: true }).waitFor({ state: "detached" });
  await press(page, "Alt+ArrowLeft");
  await page.waitForURL("**/c/local/topics");
});

await walk("create a topic", "full", "/c/local/topics", async (page) => {
  await seen(page.getByRole("grid", { name: "Topics" }));
  await press(page, "n");
  await page.keyboard.type("returns");
  await press(page, "Enter");
  await seen(page.getByRole("dialog", { name: "Create topic returns" }));
  await seen(page.getByRole("button", { name: "Create topic returns" }).and(page.locator(":focus")));
  await press(page, "Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

await walk("the palette creates a topic from a template", "full", "/c/local/overview", async (page) => {
  await seen(page.getByRole("grid", { name: "Brokers" }));
  await press(page, "Control+k");
  await page.keyboard.type("template");
  await press(page, "Enter");
  await seen(page.getByRole("combobox", { name: "Template" }).and(page.locator(":focus")));
  await page.keyboard.type("Dead");
  await seen(page.getByText(/What could not be handled/));
  const of = (name) => page.getByRole("textbox", { name }).inputValue();
  const filled = [await of("Partitions"), await of("Replicas"), await of("In sync")];
  if (filled.join() !== "1,3,2") throw new Error(`it filled ${filled}`);
  await press(page, "Shift+Tab");
  await page.keyboard.type("orders.dead");
  await press(page, "Enter");
  await seen(page.getByRole("dialog", { name: "Create topic orders.dead" }));
});

await walk("a chart's samples as a table", "full", "/c/local/overview", async (page) => {
  await seen(page.getByRole("grid", { name: "Brokers" }));
  const toggle = page.getByRole("button", { name: "Table of Records per second", exact: true });
  await press(page, "Control+k");
  await page.keyboard.type("table of records");
  await press(page, "Enter");
  await page.waitForURL("**table=produceRate");
  await focusGrid(page, "Samples of Records per second");
  await press(page, "ArrowDown", "ArrowDown");
  await seen(page.locator(".chart .tip"));
  await press(page, "Escape");
  await toggle.focus();
  await press(page, "Enter");
  await page.getByRole("grid", { name: "Samples of Records per second" }).waitFor({ state: "detached" });
});

await walk("a wrong name deletes nothing", "full", "/c/local/topics", async (page) => {
  await focusGrid(page, "Topics");
  await press(page, "End", "Shift+F10", "ArrowUp", "Enter");
  await seen(page.getByRole("textbox", { name: "Confirmation" }));
  await page.keyboard.type("wrong");
  await press(page, "Enter");
  await seen(page.getByRole("dialog", { name: /Delete topic/ }));
  if (
    (await page
      .getByRole("dialog")
      .getByRole("button", { name: /Delete topic/ })
      .getAttribute("aria-disabled")) !== "true"
  )
    throw new Error("the delete button is enabled");
  await press(page, "Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

await walk("topics selected by keys are deleted as one", "full", "/c/local/topics", async (page) => {
  await focusGrid(page, "Topics");
  await press(page, "ArrowDown", "Space", "Shift+ArrowDown", "Shift+ArrowDown");
  await seen(page.getByRole("status").filter({ hasText: "3 topics selected" }));
  await press(page, "Shift+ArrowUp");
  await seen(page.getByRole("status").filter({ hasText: "2 topics selected" }));
  await press(page, "Control+a");
  await seen(page.getByRole("status").filter({ hasText: "7 topics selected" }));
  await press(page, "Control+k");
  await page.keyboard.type("delete 7 topics");
  await press(page, "Enter");
  const dialog = page.getByRole("dialog", { name: /Delete 6 topics/ });
  await seen(dialog);
  await page.keyboard.type("6 topic");
  await press(page, "Enter");
  const button = dialog.getByRole("button", { name: "Delete 6 topics" });
  if ((await button.getAttribute("aria-disabled")) !== "true") throw new Error("the button is enabled");
  await page.keyboard.type("s");
  for (let at = 0; at < 9 && !(await button.evaluate((e) => e === document.activeElement)); at++)
    await press(page, "Tab");
  await press(page, "Enter");
  await dialog.waitFor({ state: "detached" });
});

await walk(
  "a tree of 10,000 topics opens, closes and is searched by keys",
  "huge",
  "/c/local/topics?tree=dot",
  async (page) => {
    const line = (name) => page.getByRole("row", { name });
    await seen(page.getByRole("treegrid", { name: "Topics" }));
    await press(page, "ArrowDown");
    const shop = line(/shop\. 10,214/);
    await seen(shop);
    await press(page, "ArrowRight");
    await page.waitForURL("**open=shop.**");
    await press(page, "ArrowRight", "ArrowRight");
    await seen(line(/shop\.carts\.v1 /).first());
    await seen(page.locator('[aria-level="3"]').first());
    await press(page, "ArrowLeft", "ArrowLeft");
    await page.locator('[aria-level="3"]').first().waitFor({ state: "detached" });
    await seen(page.locator('[aria-level="1"][aria-selected="true"][aria-expanded="true"]'));
    await press(page, "ArrowLeft");
    await seen(page.locator('[aria-level="1"][aria-selected="true"][aria-expanded="false"]'));
    await press(page, "/");
    await page.keyboard.type("orders.v1000");
    // What was found is in sight, however the groups were.
    await seen(line(/shop\.orders\.v1000 /));
  },
);

await walk("Escape lets the selection go, then the place", "full", "/c/local/topics", async (page) => {
  await focusGrid(page, "Topics");
  await press(page, "ArrowDown", "Space");
  await seen(page.getByRole("status").filter({ hasText: "1 topic selected" }));
  await press(page, "Escape");
  await page.getByText("1 topic selected").waitFor({ state: "detached" });
  await seen(page.getByRole("row", { selected: true }));
});

await walk("produce a record", "full", "/c/local/topics/orders/messages", async (page) => {
  await seen(page.getByRole("grid", { name: "Records" }));
  await press(page, "p");
  await seen(page.getByRole("region", { name: "Produce record" }));
  for (let i = 0; i < 60; i++) {
    if (
      await page
        .getByRole("textbox", { name: "Value", exact: true })
        .evaluate((e) => e === document.activeElement)
    )
      break;
    await press(page, "Tab");
  }
  await page.keyboard.type("hello");
  for (let i = 0; i < 30; i++) {
    if (
      await page.getByRole("button", { name: "Send to orders" }).evaluate((e) => e === document.activeElement)
    )
      break;
    await press(page, "Tab");
  }
  await press(page, "Enter");
  await seen(page.getByText("written: partition 3, offset 4,809,707"));
});

await walk("tabs open, cycle, close", "full", "/c/local/topics", async (page) => {
  await focusGrid(page, "Topics");
  await press(page, "ArrowDown", "Control+Enter");
  await page.waitForURL("**/messages");
  await press(page, "Alt+PageUp");
  await page.waitForURL("**/c/local/topics");
  await press(page, "Alt+PageDown", "Alt+w");
  await page.waitForURL("**/c/local/topics");
  if ((await page.getByRole("tab").count()) !== 1) throw new Error("the tab is still there");
});

await walk(
  "three million rows to the end and back",
  "huge",
  "/c/local/topics/orders/messages",
  async (page) => {
    await focusGrid(page, "Records");
    await press(page, "End");
    await seen(page.locator('[aria-rowindex="3000001"]'));
    await press(page, "ArrowUp", "ArrowUp");
    await seen(page.locator('[aria-rowindex="2999999"][aria-selected="true"]'));
    await press(page, "Home");
    await seen(page.locator('[aria-rowindex="2"][aria-selected="true"]'));
  },
);

await walk(
  "a live tail does not move what is read",
  "full",
  "/c/local/topics/orders/messages",
  async (page) => {
    const firstOffset = () =>
      page.locator('[role="grid"][aria-label="Records"] [aria-rowindex="2"]').textContent();
    await seen(page.locator('[aria-rowindex="2"]'));
    const before = await firstOffset();
    await page.waitForTimeout(1600);
    if ((await firstOffset()) === before) throw new Error("no record appeared by itself");
    await focusGrid(page, "Records");
    await press(page, "ArrowDown", "ArrowDown", "ArrowDown");
    const row = page.getByRole("row", { selected: true });
    const [text, at] = [await row.textContent(), await row.boundingBox()];
    await seen(page.getByRole("button", { name: /[2-9] new/ }));
    const [textNow, atNow] = [await row.textContent(), await row.boundingBox()];
    if (text !== textNow || at.y !== atNow.y) throw new Error(`the row moved from ${at.y} to ${atNow.y}`);
    await page.getByRole("button", { name: /new/ }).focus();
    await press(page, "Enter");
    await page.getByRole("button", { name: /new/ }).waitFor({ state: "detached" });
  },
  true,
);

await walk("back finds the place again", "huge", "/c/local/topics", async (page) => {
  await focusGrid(page, "Topics");
  await press(page, "PageDown", "PageDown", "PageDown");
  const row = page.getByRole("row", { selected: true });
  const [text, at] = [await row.textContent(), await row.boundingBox()];
  await press(page, "Enter");
  await page.waitForURL("**/messages");
  await press(page, "Alt+ArrowLeft");
  await page.waitForURL("**/c/local/topics");
  await seen(row);
  const [textNow, atNow] = [await row.textContent(), await row.boundingBox()];
  if (text !== textNow || at.y !== atNow.y) throw new Error(`${text} at ${at.y} is ${textNow} at ${atNow.y}`);
});

await walk("help and theme", "full", "/c/local/topics", async (page) => {
  await seen(page.getByRole("grid", { name: "Topics" }));
  await press(page, "?");
  await seen(page.getByRole("dialog", { name: "Keyboard shortcuts" }));
  await press(page, "Escape", "Control+k");
  await page.keyboard.type("dark theme");
  await press(page, "Enter");
  await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
});

await walk("cancel keeps the connect form", "full", "/connect?bootstrap=kafka-1:9092", async (page) => {
  await seen(page.getByRole("button", { name: "Cancel" }));
  await page.getByRole("button", { name: "Cancel" }).focus();
  await press(page, "Enter");
  await seen(page.getByText("The form is as you left it."));
  if ((await page.getByRole("textbox", { name: "Bootstrap servers" }).inputValue()) !== "kafka-1:9092")
    throw new Error("the text is gone");
});

await browser.close();
close();
for (const problem of new Set(problems)) console.log("PROBLEM", problem);
process.exitCode = failed.length + problems.length > 0 ? 1 : 0;
