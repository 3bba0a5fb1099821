// What several flows begin with.
import { freePorts, until } from "./process.ts";
import { expect, type App } from "./test.ts";

export interface Cluster {
  clusterId: string;
  bootstrap: string;
  state: string;
}

/** Starts the local cluster by the welcome's button, on ports that nobody uses. */
export async function startCluster({ ui }: App): Promise<Cluster> {
  const port = await freePorts(3);
  await ui.click("button", "Options…");
  await ui.fill("First port", String(port));
  await ui.click("button", "Start empty");
  await ui.sees("Partitions online");
  const cluster = await until("the local cluster", 20_000, async () => {
    const all = await ui.call<Cluster[]>("clusters.list");
    return all.find((one) => one.state === "connected");
  });
  expect(cluster.bootstrap).toContain(`:${port}`);
  return cluster;
}

export async function createTopic({ ui }: App, cluster: Cluster, name: string, partitions = 3): Promise<void> {
  await ui.goto(`/c/${cluster.clusterId}/topics`);
  await ui.click("button", "Create topic");
  await ui.fill("Topic name", name);
  await ui.fill("Partitions", String(partitions));
  await ui.press("Enter");
  await ui.sees(`Create topic ${name}`);
  await ui.click("button", `Create topic ${name}`);
  await until("the dialog to close", 15_000, () => ui.evaluate(() => !document.querySelector("[role=dialog]")));
  await ui.sees(name);
}
