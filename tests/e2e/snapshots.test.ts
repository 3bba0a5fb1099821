// Snapshots of the local cluster: taken, gone back to, begun with, deleted.
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCluster } from "./support/flows.ts";
import { kcat } from "./support/kafka.ts";
import { binary, until } from "./support/process.ts";
import { expect, test } from "./support/test.ts";

test("B a snapshot brings back what was there, and what came later is gone", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  const read = () => kcat(cluster.bootstrap, ["-C", "-t", "orders", "-e", "-q"]);
  kcat(cluster.bootstrap, ["-P", "-t", "orders", "-X", "acks=all"], "one\n");
  await ui.goto("/c/1/local?part=snapshots");
  await ui.sees("No snapshots");
  await ui.fill("Name of the snapshot", "a/b");
  await ui.press("Enter");
  await ui.sees("That is no name for a snapshot");
  await ui.fill("Name of the snapshot", "before");
  await ui.press("Enter");
  await ui.page.getByRole("row", { name: /before/ }).waitFor();
  // The same name again is refused, and the first stays.
  await ui.fill("Name of the snapshot", "before");
  await ui.click("button", "Take snapshot");
  await ui.sees("before was not taken");
  await ui.fill("Name of the snapshot", "");
  kcat(cluster.bootstrap, ["-P", "-t", "orders", "-X", "acks=all"], "two\n");
  kcat(cluster.bootstrap, ["-P", "-t", "later", "-X", "acks=all"], "x\n");
  await ui.click("button", "Actions for before");
  await ui.click("menuitem", "Go back to it…");
  const go = ui.page.getByRole("button", { name: "Go back", exact: true });
  await ui.fill("Confirmation", "befor");
  await expect(go).toBeDisabled();
  await ui.fill("Confirmation", "before");
  await go.click();
  await ui.sees("The local cluster is as in before");
  expect(read()).toBe("one\n");
  const topics = await until("the topics", 15_000, async () => {
    const answer = await ui.call<{ value: { name: string }[] }>("topics.list", { clusterId: "1" }).catch(() => undefined);
    return answer?.value.map((topic) => topic.name);
  });
  expect(topics).toEqual(["orders"]);
  kcat(cluster.bootstrap, ["-P", "-t", "orders", "-X", "acks=all"], "three\n");
  expect(read()).toContain("three");
  await ui.goto("/c/1/history");
  await ui.sees("Restore the snapshot before");
});

test("B another cluster begins with a snapshot; a damaged one is named, and can be deleted", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  kcat(cluster.bootstrap, ["-P", "-t", "orders", "-X", "acks=all"], "one\n");
  await ui.goto("/c/1/local?part=snapshots");
  await ui.page.getByRole("button", { name: "Take snapshot", exact: true }).click();
  await ui.page.getByRole("row", { name: /snapshot 1/ }).waitFor();
  const directory = join(browserApp.dataDir, "snapshots", "snapshot 1");
  const read = ["exec", "--fork", directory, "--", "sh", "-c", "kcat -b $KAFKA_BOOTSTRAP_SERVERS -C -t orders -e -q"];
  expect(execFileSync(binary("headwater-cluster"), read, { encoding: "utf8" })).toBe("one\n");
  writeFileSync(join(directory, "snapshot.json"), "{");
  await ui.sees("cannot be read");
  await ui.click("button", "Actions for snapshot 1");
  await expect(ui.page.getByRole("menuitem", { name: "Go back to it…" })).toBeDisabled();
  await ui.click("menuitem", "Delete…");
  await ui.click("button", "Delete snapshot");
  await ui.sees("No snapshots");
  expect(existsSync(directory)).toBe(false);
});
