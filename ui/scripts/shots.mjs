// Every screen in both themes, two sizes and each state, as pictures to look at.
//   node scripts/shots.mjs [FOLDER] [--only TEXT] [--size 1440x900] [--no-build]

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch, watch } from "./browser.mjs";
import { serve } from "./serve.mjs";

const args = process.argv.slice(2);
const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const folder = args[0] && !args[0].startsWith("--") ? args[0] : "shots";
const only = option("--only");
const SIZES = (option("--size") ?? "960x600,1440x900").split(",").map((size) => size.split("x").map(Number));
const THEMES = (option("--theme") ?? "light,dark").split(",");

const C = "/c/local";
const SCREENS = [
  ["home", "/"],
  ["overview", `${C}/overview`],
  ["overview-table", `${C}/overview?table=produceRate,lag`],
  ["topics", `${C}/topics`],
  ["messages", `${C}/topics/orders/messages`],
  ["record", `${C}/topics/orders/messages?record=0-4810204`],
  ["produce", `${C}/topics/orders/messages?produce=1`],
  ["partitions", `${C}/topics/orders/partitions`],
  ["topic-groups", `${C}/topics/orders/groups`],
  ["config", `${C}/topics/orders/config`],
  ["groups", `${C}/groups`],
  ["group", `${C}/groups/fulfilment`],
  ["members", `${C}/groups/fulfilment?part=members`],
  ["lag-table", `${C}/groups/fulfilment?part=lag&table=lag`],
  ["brokers", `${C}/brokers`],
  ["broker", `${C}/brokers/1?show=all`],
  ["local", `${C}/local`],
  ["local-connect", `${C}/local?part=connect`],
  ["local-settings", `${C}/local?part=settings`],
  ["local-snapshots", `${C}/local?part=snapshots`],
  ["local-log", `${C}/local?part=log`],
  ["history", `${C}/history`],
];
const SHOTS = [
  ...["full", "empty", "hostile", "failing"].flatMap((state) =>
    SCREENS.map(([name, path]) => [name, path, state]),
  ),
  ["welcome", "/", "welcome"],
  ["connect", "/connect?bootstrap=kafka-1.eu.shop.example:9093,kafka-2.eu.shop.example:9093", "full"],
  ["settings", "/settings", "full"],
  ["gallery", "/gallery", "full"],
  ["topics", `${C}/topics`, "prod"],
  ["topics", `${C}/topics`, "huge"],
  ["messages", `${C}/topics/orders/messages`, "huge"],
  ["palette", `${C}/topics`, "full", (page) => page.keyboard.press("Control+k")],
  ["help", `${C}/topics`, "full", (page) => page.keyboard.press("?")],
  ["create", `${C}/topics`, "full", (page) => page.keyboard.press("n")],
  ["create-template", `${C}/topics?create=template`, "full", workQueue],
  ["delete", `${C}/topics`, "full", deleteTopic],
  ["faults", `${C}/local`, "full", (page) => page.getByRole("button", { name: "More for broker 2" }).click()],
  ["power-cut", `${C}/brokers`, "full", powerCut],
  ["selected", `${C}/topics`, "full", selectTopics],
  ["selected-many", `${C}/topics`, "huge", selectAll],
  ["hung", `${C}/overview?table=lag`, "full", hang],
  ["tree", `${C}/topics?tree=dot&open=shop.,shop.carts.`, "huge"],
  ["tree-marked", `${C}/topics?tree=any&open=*`, "full", (page) => page.getByRole("checkbox").nth(2).click()],
  ["delete-several", `${C}/topics`, "full", deleteSeveral],
  ["set-several", `${C}/topics`, "full", setSeveral],
  [
    "row-menu",
    `${C}/topics`,
    "full",
    (page) => page.getByRole("row", { name: /orders\.dlq/ }).click({ button: "right" }),
  ],
  ["change", `${C}/history`, "full", (page) => page.getByRole("row", { name: /payments/ }).click()],
];

async function deleteTopic(page) {
  await page.getByRole("row", { name: /orders\.dlq/ }).click({ button: "right" });
  await page.getByRole("menuitem", { name: "Delete topic…" }).click();
  await page.getByRole("textbox", { name: "Confirmation" }).waitFor();
}

async function workQueue(page) {
  await page.getByRole("combobox", { name: "Template" }).selectOption("queue");
  await page.getByRole("textbox", { name: "In sync" }).fill("4");
}

async function hang(page) {
  await page.evaluate(() => dispatchEvent(new Event("headwater.hang")));
  await page.waitForTimeout(2200);
}

async function powerCut(page) {
  await page.getByRole("button", { name: "More for broker 2" }).click();
  await page.getByRole("menuitem", { name: /^Cut the power/ }).click();
  await page.getByRole("button", { name: "Cut the power", exact: true }).waitFor();
}

async function selectTopics(page) {
  await page.getByRole("checkbox", { name: "Select customers" }).click();
  await page.getByRole("checkbox", { name: "Select payments" }).click({ modifiers: ["Shift"] });
}

async function selectAll(page) {
  await page
    .getByRole("checkbox", { name: /^Select shop/ })
    .first()
    .waitFor();
  await page.keyboard.press("Control+a");
  await page.getByRole("button", { name: "Keep the first 500" }).waitFor();
}

async function deleteSeveral(page) {
  await selectTopics(page);
  await page.getByRole("button", { name: /^Delete \d topics$/ }).click();
  await page.getByRole("textbox", { name: "Confirmation" }).waitFor();
}

async function setSeveral(page) {
  await selectTopics(page);
  await page.getByRole("button", { name: /^Change a setting/ }).click();
  await page.getByRole("combobox", { name: "Setting" }).waitFor();
}

if (!args.includes("--no-build")) execFileSync("npm", ["run", "-s", "build:mock"], { stdio: "inherit" });
mkdirSync(folder, { recursive: true });
const { origin, close } = await serve("dist-mock");
const browser = await launch();
const problems = [];
let taken = 0;
for (const [width, height] of SIZES) {
  for (const theme of THEMES) {
    for (const [name, path, state, act] of SHOTS) {
      const label = `${name}-${state}-${theme}-${width}`;
      if (only && !label.includes(only)) continue;
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: theme,
        timezoneId: "UTC",
        reducedMotion: "reduce",
      });
      await context.addInitScript(
        ([state]) => {
          localStorage.setItem("headwater.scenario", state);
          localStorage.setItem("headwater.still", "1");
          localStorage.setItem(
            "mock.prefs",
            JSON.stringify({
              zone: "utc",
              pins: {
                local: [
                  { kind: "topic", name: "orders" },
                  { kind: "topic", name: "customers" },
                  { kind: "group", name: "fulfilment" },
                ],
              },
            }),
          );
        },
        [state],
      );
      const page = await context.newPage();
      // The fixtures stand at this moment; timers still run.
      await page.clock.setFixedTime(Date.UTC(2026, 10, 18, 14, 5, 2, 113));
      watch(page, problems);
      await page.goto(origin + path);
      await page.waitForTimeout(name === "connect" ? 900 : 260);
      try {
        await act?.(page);
      } catch (error) {
        problems.push(`${label} ${error.message}`);
      }
      await page.waitForTimeout(act ? 250 : 0);
      await page.screenshot({ path: join(folder, `${label}.png`) });
      await context.close();
      taken++;
    }
  }
}
await browser.close();
close();
console.log(`${taken} pictures in ${folder}`);
for (const problem of new Set(problems)) console.log("PROBLEM", problem);
process.exitCode = problems.length > 0 ? 1 : 0;
