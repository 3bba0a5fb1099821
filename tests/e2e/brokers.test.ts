// A broker's page, and a restart of the local cluster that cannot be.
import { createServer } from "node:net";
import { type Cluster, createTopic, startCluster } from "./support/flows.ts";
import { kcat } from "./support/kafka.ts";
import { freePorts, until } from "./support/process.ts";
import { expect, test } from "./support/test.ts";

test("B a broker shows its settings with their origin, its directories and its topics", async ({ browserApp }) => {
  const { ui } = browserApp;
  const overrides = [{ name: "num.partitions", value: "5" }];
  await ui.call("local.start", { brokers: 2, basePort: await freePorts(2), overrides });
  const [local] = await ui.call<Cluster[]>("clusters.list");
  if (!local) throw new Error("there is no local cluster");
  await createTopic(browserApp, local, "orders", 4);
  await ui.goto(`/c/${local.clusterId}/brokers`);
  await ui.click("link", "Broker 2");
  await ui.sees("num.partitions");
  expect(await ui.page.getByRole("row", { name: /num\.partitions/ }).innerText()).toMatch(/5\s+its file/);
  await ui.lacks("message.max.bytes");
  await ui.click("radio", /^All \d{3}/);
  await ui.fill("Find a setting", "message.max.bytes");
  expect(await ui.page.getByRole("row", { name: /message\.max\.bytes/ }).innerText()).toMatch(/1\.0 MB\s+default/);
  await ui.click("link", /^Log directories/);
  await ui.sees(/broker-2\s*4/);
  await ui.click("link", /^Topics/, "Views of Broker 2");
  await ui.sees(/orders\s*2\s*4 of 4/);
  await ui.page.reload();
  await ui.sees(/orders\s*2\s*4 of 4/);
  await ui.goto(`/c/${local.clusterId}/brokers/7`);
  await ui.sees("There is no broker 7.");
  await ui.click("button", "Show all brokers");
  await ui.sees("2 of 2 running");
});

test("B the local cluster goes on as it was where it cannot start otherwise", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  const taken = createServer();
  const port = await new Promise<number>((listens) =>
    taken.listen(0, "127.0.0.1", () => listens((taken.address() as { port: number }).port)),
  );
  try {
    await ui.goto(`/c/${cluster.clusterId}/local?part=settings`);
    await ui.fill("First port", "65535");
    await expect(ui.page.getByRole("button", { name: /^Restart cluster/ })).toHaveAttribute("aria-disabled", "true");
    await ui.fill("First port", String(port));
    await ui.click("button", "Restart cluster");
    await ui.sees(/Port \d+ is taken/);
    await until("the cluster to be back", 20_000, async () => {
      const [local] = await ui.call<Cluster[]>("clusters.list");
      return local?.state === "connected";
    });
    kcat(cluster.bootstrap, ["-P", "-t", "still"], "x\n");
    const bad = ui.call("local.restart", { overrides: [{ name: "num.partitions", value: "many" }] });
    await expect(bad).rejects.toThrow(/num\.partitions/);
    kcat(cluster.bootstrap, ["-P", "-t", "still"], "y\n");
    await ui.call("local.restart", { diskMax: 1_000_000_000, overrides: [{ name: "num.partitions", value: "7" }] });
    await ui.goto(`/c/${cluster.clusterId}/history`);
    await ui.sees(/Restart the local cluster: .*bytes on disk no limit → 1000000000.*num\.partitions default → 7/);
  } finally {
    taken.close();
  }
});
