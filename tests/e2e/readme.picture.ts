// Takes the README's picture: the real window on a live topic. `npm run picture`, once the app is built.
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "@playwright/test";
import { kcat } from "./support/kafka.ts";
import { Child, root, temporaryDir } from "./support/process.ts";
import { WindowUi } from "./support/window.ts";

const states = ["PAID", "PACKED", "SHIPPED", "NEW", "FAILED"];
const order = (n: number) => {
  const id = 9007199254740993n + BigInt(n * 7919);
  const total = `${(n * 37) % 900}.${String((n * 13) % 100).padStart(2, "0")}`;
  return `{"orderId":${id},"customer":"cust-${20000 + ((n * 31) % 900)}","status":"${states[n % 5]}","total":${total},"currency":"EUR","fxRate":1.0838500000000001,"items":[{"sku":"A-${n % 40}","qty":${1 + (n % 3)}}],"coupon":null}`;
};
const key = (n: number) => `eu-${8800 + ((n * 7) % 100)}`;
const pause = (ms: number) => new Promise((next) => setTimeout(next, ms));

test("the window", async () => {
  test.setTimeout(120_000);
  const dir = temporaryDir();
  const ui = await WindowUi.open(dir.path);
  await ui.click("button", "Start empty");
  await ui.sees("Partitions online");
  const [cluster] = (await ui.call("clusters.list")) as [{ clusterId: string; bootstrap: string }];
  for (const [name, partitions] of [["orders", 6], ["payments", 6], ["customers", 3], ["page-views", 6]] as const) {
    const change = { kind: "createTopic", name, partitions, replicationFactor: 3, configs: [] };
    const plan = await ui.call<{ planId: string }>("plan.make", { clusterId: cluster.clusterId, change });
    await ui.call("plan.apply", { planId: plan.planId });
  }
  const groups = ["fulfilment", "analytics"].map((group) => new Child("kcat", ["-b", cluster.bootstrap, "-G", group, "orders"]));

  let sent = 0;
  const produceFor = async (ms: number) => {
    for (const end = Date.now() + ms; Date.now() < end; sent++) {
      const codec = ["none", "gzip", "snappy", "lz4", "zstd"][sent % 5] as string;
      const trace = `traceparent=00-4bf92f3577b34da6a3ce929d-${sent}`;
      const headers = ["content-type=application/json", "source=checkout-eu", trace].flatMap((one) => ["-H", one]);
      const tombstone = sent % 17 === 3;
      const args = ["-P", "-t", "orders", "-K|", "-z", codec, ...headers, ...(tombstone ? ["-Z"] : [])];
      kcat(cluster.bootstrap, args, `${key(sent)}|${tombstone ? "" : order(sent)}\n`);
      await pause(40 + ((sent * 37) % 90));
    }
  };
  // Long enough for rates, a stable group, and the words about the start to be gone.
  await ui.goto(`/c/${cluster.clusterId}/topics/orders/messages`);
  await ui.click("button", "Pin orders");
  await produceFor(16_000);
  await ui.click("row", new RegExp(key(sent - 6)));
  await ui.sees("traceparent");
  await produceFor(2_500);
  await ui.picture("window");
  copyFileSync("test-results/window.png", join(root, "icons/window.png"));
  for (const group of groups) await group.end();
  await ui.close();
  dir.remove();
});
