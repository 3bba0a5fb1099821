// What a person does every day: find one record again, send it once more, look back at what was changed.
import { readFileSync } from "node:fs";
import { createTopic, startCluster } from "./support/flows.ts";
import { kcat, readAll } from "./support/kafka.ts";
import { until } from "./support/process.ts";
import { expect, test } from "./support/test.ts";

test("B a record is found by its address, however old, and a gap says what comes next", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await createTopic(browserApp, cluster, "long", 2);
  const numbers = Array.from({ length: 3_000 }, (_, n) => `record-${n}`).join("\n");
  kcat(cluster.bootstrap, ["-P", "-t", "long", "-p", "1"], `${numbers}\n`);
  const at = (place: string) => `/c/${cluster.clusterId}/topics/long/messages?record=${place}`;
  await ui.goto(at("1-17"));
  const pane = ui.page.getByRole("region", { name: "Record", exact: true });
  await expect(pane).toContainText("record-17");
  await expect(pane).toContainText("not among the rows beside it");
  await pane.getByRole("button", { name: "Next record" }).click();
  await expect(pane).toContainText("record-18");
  expect(new URL(ui.page.url()).searchParams.get("record")).toBe("1-18");
  // One that is among the rows is selected there.
  await ui.goto(at("1-2999"));
  await expect(ui.page.getByRole("row", { selected: true })).toContainText("record-2999");
  await ui.goto(at("1-3000"));
  await expect(pane).toContainText("The partition ends before it");
  await ui.goto(at("0-5"));
  await expect(pane).toContainText("There is no record at this offset");
});

test("B a record is edited and sent again, byte for byte but for the edit", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await createTopic(browserApp, cluster, "again", 1);
  const value = '{"id":9223372036854775807,  "rate":0.10}';
  kcat(cluster.bootstrap, ["-P", "-t", "again", "-p", "0", "-K|", "-H", "a=1", "-H", "a=2"], `key-1|${value}\n`);
  await ui.goto(`/c/${cluster.clusterId}/topics/again/messages`);
  await ui.click("row", /key-1/);
  await ui.click("button", "Edit and resend…");
  await until("the form", 10_000, async () => (await ui.value("Value")) === value);
  expect(await ui.value("Key")).toBe("key-1");
  await ui.fill("Key", "key-2");
  await ui.click("button", "Send to again");
  await ui.sees("written: partition 0, offset 1");
  const rows = readAll(cluster.bootstrap, "again").map((row) => row.split("|").slice(1).join("|"));
  const length = Buffer.byteLength(value);
  expect(rows[1]).toBe(`1|key-2|5|${value}|${length}|a=1,a=2`);
});

test("B an undo names what it took back, and the history is searched and saved", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await createTopic(browserApp, cluster, "returns");
  await createTopic(browserApp, cluster, "orders");
  await ui.goto(`/c/${cluster.clusterId}/history`);
  await ui.fill("Find a change", "returns create");
  await ui.lacks("Create topic orders");
  await ui.click("row", /Create topic returns/);
  await ui.click("button", "Undo…");
  const dialog = ui.page.getByRole("dialog", { name: "Undo: Create topic returns" });
  await dialog.getByRole("textbox", { name: "Confirmation" }).fill("returns");
  await dialog.getByRole("button", { name: "Delete topic returns" }).click();
  await ui.sees("Undone by");
  await ui.page.getByRole("button", { name: "Undo: Create topic returns" }).click();
  await ui.sees("Takes back");
  await ui.fill("Find a change", "");
  await ui.sees("Create topic orders");
  const downloading = ui.page.waitForEvent("download");
  await ui.click("button", "Save as");
  await ui.click("menuitem", "Save 4 changes as CSV");
  const saved = await downloading;
  expect(saved.suggestedFilename()).toBe("history-Local.csv");
  const lines = readFileSync(await saved.path(), "utf8").trim().split("\r\n");
  expect(lines).toHaveLength(5);
  expect(lines[1]).toMatch(/Undo: Create topic returns,done,topic returns/);
  expect(lines[3]).toMatch(/Create topic returns,undone,/);
  expect(lines[4]).toMatch(/Start the local cluster with 3 brokers,done,cluster Local/);
});

test("B a connection is removed after a look, and comes back by undo or later", async ({ browserApp }) => {
  const { ui } = browserApp;
  const added = await ui.call<{ clusterId: string }>("clusters.add", {
    name: "shop-dev",
    bootstrap: "127.0.0.1:1",
    environment: "dev",
    readOnly: true,
  });
  const names = async () => (await ui.call<{ name: string }[]>("clusters.list")).map((one) => one.name);
  await ui.goto("/");
  const remove = async () => {
    await ui.page.getByRole("row", { name: /shop-dev/ }).click({ button: "right" });
    await ui.click("menuitem", "Remove connection…");
    await ui.sees("The cluster itself is not touched.");
  };
  await remove();
  // Enter and Esc remove nothing.
  await ui.press("Enter", "Escape");
  await ui.lacks("The cluster itself is not touched.");
  expect(await names()).toEqual(["shop-dev"]);
  await remove();
  await ui.click("button", "Remove connection");
  await ui.click("button", "Undo");
  await until("it to be back", 10_000, async () => (await names()).length === 1);
  await remove();
  await ui.click("button", "Remove connection");
  await ui.sees("1 removed connection");
  await ui.click("button", "Restore…");
  await ui.click("button", "Restore shop-dev");
  await until("it to be back", 10_000, async () => (await names()).length === 1);
  expect(await ui.call("clusters.list")).toMatchObject([{ ...added, name: "shop-dev", readOnly: true }]);
});
