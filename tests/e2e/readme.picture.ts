// Takes the README's picture: the real window on a live topic. `npm run picture`, once the app is built.
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "@playwright/test";
import { kcat } from "./support/kafka.ts";
import { root, temporaryDir } from "./support/process.ts";
import { WindowUi } from "./support/window.ts";

const states = ["PAID", "PACKED", "SHIPPED", "NEW", "FAILED"];
const order = (n: number) => {
  const id = 9007199254740993n + BigInt(n * 7919);
  const total = `${(n * 37) % 900}.${String((n * 13) % 100).padStart(2, "0")}`;
  return `{"orderId":${id},"customer":"cust-${20000 + ((n * 31) % 900)}","status":"${states[n % 5]}","total":${total},"currency":"EUR","fxRate":1.0838500000000001,"items":[{"sku":"A-${n % 40}","qty":${1 + (n % 3)}}],"coupon":null}`;
};
test("the window", async () => {
  const dir = temporaryDir();
  const ui = await WindowUi.open(dir.path);
  await ui.click("button", "Start a local cluster");
  await ui.sees("Partitions online");
  const [cluster] = (await ui.call("clusters.list")) as [{ clusterId: string; bootstrap: string }];
  await ui.call("plan.make", {
    clusterId: cluster.clusterId,
    change: { kind: "createTopic", name: "orders", partitions: 6, replicationFactor: 3, configs: [] },
  }).then((plan) => ui.call("plan.apply", { planId: (plan as { planId: string }).planId }));

  for (let n = 0; n < 60; n++) {
    const codec = ["none", "gzip", "snappy", "lz4", "zstd"][n % 5] as string;
    const headers = ["-H", "content-type=application/json", "-H", "source=checkout-eu", "-H", `traceparent=00-4bf92f3577b34da6a3ce929d0e0e4736-${n}`];
    const value = n % 17 === 3 ? "" : order(n);
    const args = ["-P", "-t", "orders", "-K|", "-z", codec, ...headers, ...(n % 17 === 3 ? ["-Z"] : [])];
    kcat(cluster.bootstrap, args, `eu-${8800 + ((n * 7) % 100)}|${value}\n`);
  }
  await ui.goto(`/c/${cluster.clusterId}/topics/orders/messages`);
  await ui.sees("eu-88");
  await ui.click("row", /FAILED/);
  await ui.sees("traceparent");
  await new Promise((next) => setTimeout(next, 2500));
  await ui.picture("window");
  copyFileSync("test-results/window.png", join(root, "icons/window.png"));
  await ui.close();
  dir.remove();
});
