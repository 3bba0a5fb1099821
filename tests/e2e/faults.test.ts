// Disks, links and the clock of the local cluster go wrong by the panel, and are mended.
import { createTopic, startCluster } from "./support/flows.ts";
import { kcat } from "./support/kafka.ts";
import { expect, test } from "./support/test.ts";

test("B a full disk and slow links are played, said, felt by clients, and mended", async ({ browserApp }) => {
  const { ui } = browserApp;
  browserApp.expectWarning(/disk is full/);
  const cluster = await startCluster(browserApp);
  const produce = () =>
    kcat(cluster.bootstrap, ["-P", "-t", "ledger", "-X", "acks=all", "-X", "message.timeout.ms=3000"], "one\n");
  produce();
  await ui.goto(`/c/${cluster.clusterId}/local`);
  await ui.sees("as they should be");
  for (const broker of [1, 2, 3]) {
    await ui.click("button", `More for broker ${broker}`);
    await ui.click("menuitem", `Fill the disk of broker ${broker}`);
    await ui.sees(`Broker ${broker}: its disk is full until it is given room`);
  }
  expect(produce).toThrow();
  await ui.click("button", "Slow links, move the clock");
  await ui.click("menuitem", "Slow every link by 200 ms");
  await ui.sees("Every message between brokers takes 200 ms longer");
  await ui.click("button", "Mend all");
  await ui.sees("as they should be");
  produce();
  await ui.goto(`/c/${cluster.clusterId}/history`);
  await ui.sees("Mend disks and links");
});

test("B a broker that stands still, the one that was asked so far, takes nothing from the overview", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await createTopic(browserApp, cluster, "orders");
  await ui.goto(`/c/${cluster.clusterId}/overview`);
  await ui.sees("Partitions online");
  await ui.call("local.pause_broker", { broker: 1 });
  for (let second = 0; second < 15; second++) {
    expect(await ui.text()).toContain("Partitions online");
    await ui.page.waitForTimeout(1000);
  }
  // It was taken for gone, and leads nothing any more.
  await ui.sees(/Connected\s*2 of 3/);
  await ui.call("local.resume_broker", { broker: 1 });
  await ui.sees(/Connected\s*3 of 3/, 30_000);
});
