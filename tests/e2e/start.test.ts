// What can stand in the way of a start: each is named, and the remedy that is offered works.
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { freePorts, until } from "./support/process.ts";
import { type App, expect, test } from "./support/test.ts";

interface Cluster {
  state: string;
  bootstrap: string;
}

const local = async ({ ui }: App) => (await ui.call<Cluster[]>("clusters.list"))[0];

test("B a taken port is named, and the ports that are offered instead are used", async ({ browserApp }) => {
  const { ui } = browserApp;
  const port = await freePorts(3);
  const other = createServer();
  await new Promise<void>((done) => other.listen(port, "127.0.0.1", done));
  await ui.click("button", "Options…");
  await ui.fill("First port", String(port));
  await ui.click("button", "Start empty");
  await ui.sees(`Port ${port} is taken`);
  await ui.click("button", /^Use ports from \d+ on$/);
  await until("the cluster on other ports", 20_000, async () => (await local(browserApp))?.state === "connected");
  expect((await local(browserApp))?.bootstrap).not.toContain(`:${port}`);
  other.close();
});

test("B a file in the folder's place is named, and after it is gone the start works", async ({ browserApp }) => {
  const { ui, dataDir } = browserApp;
  const port = await freePorts(3);
  const folder = join(dataDir, "local");
  writeFileSync(folder, "not a folder");
  await ui.click("button", "Options…");
  await ui.fill("First port", String(port));
  await ui.click("button", "Start empty");
  await ui.sees("The local cluster did not start");
  await ui.sees(folder);
  rmSync(folder);
  await ui.click("button", "Start empty");
  await ui.sees("Partitions online");
});
