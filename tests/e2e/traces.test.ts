// What came and went is still told: a client that has left, a cluster that was stopped and started.
import { startCluster } from "./support/flows.ts";
import { kcat } from "./support/kafka.ts";
import { test } from "./support/test.ts";

test("B a program that sent one record and left is still named", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  kcat(cluster.bootstrap, ["-P", "-t", "greetings", "-X", "client.id=passer-by"], "hello\n");
  await ui.goto(`/c/${cluster.clusterId}/local?part=connect`);
  await ui.sees("passer-by");
  await ui.sees(/passer-by.*left/);
});

test("B starting and stopping the local cluster stands in the history", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await ui.call("local.stop", {});
  await ui.goto(`/c/${cluster.clusterId}/history`);
  await ui.sees("Start the local cluster with 3 brokers");
  await ui.sees("Stop the local cluster");
});
