// The local cluster under load and in bulk, across a kill of the app, and by keyboard alone.
import type { Locator } from "@playwright/test";
import { type Cluster, createTopic, startCluster } from "./support/flows.ts";
import { Producer, kcat, readAll } from "./support/kafka.ts";
import { freePorts, until } from "./support/process.ts";
import { type App, expect, test } from "./support/test.ts";

interface Partition {
  leader?: number;
  highWatermark: { value?: string };
}

async function partitions({ ui }: App, { clusterId }: Cluster, topic: string): Promise<Partition[]> {
  const detail = await ui.call<{ value: { partitions: Partition[] } }>("topic.get", { clusterId, topic });
  return detail.value.partitions;
}

/** Records that every in-sync replica has. */
async function committed(app: App, cluster: Cluster, topic: string): Promise<number> {
  const rows = await partitions(app, cluster, topic);
  return rows.reduce((sum, row) => sum + Number(row.highWatermark.value ?? 0), 0);
}

async function fault(app: App, cluster: Cluster, verb: "Stop" | "Crash"): Promise<void> {
  const { ui } = app;
  const [first] = await until("leaders", 20_000, async () => {
    const rows = await partitions(app, cluster, "ledger");
    return rows.every((row) => row.leader) && rows;
  });
  const broker = first?.leader;
  await ui.goto(`/c/${cluster.clusterId}/brokers`);
  await ui.click("button", `${verb} broker ${broker}`);
  await ui.goto(`/c/${cluster.clusterId}/topics/ledger/partitions`);
  await ui.sees(`without ${broker}`, 20_000);
  await until("another leader", 20_000, async () => {
    const [row] = await partitions(app, cluster, "ledger");
    return row?.leader && row.leader !== broker;
  });
  await ui.goto(`/c/${cluster.clusterId}/overview`);
  await ui.sees(/Under-replicated ?[1-9]/);
  await ui.sees(/Brokers ?2\/3/);
  const before = await committed(app, cluster, "ledger");
  await until("acknowledged writes without it", 15_000, async () => (await committed(app, cluster, "ledger")) > before);
  await ui.goto(`/c/${cluster.clusterId}/brokers`);
  await ui.click("button", `Start broker ${broker}`);
  await ui.goto(`/c/${cluster.clusterId}/overview`);
  await ui.sees(/Brokers ?3\/3/);
  await ui.sees(/Under-replicated ?0/, 20_000);
}

test("B6 brokers stop, crash and start under acks=all load: it shows, it heals, nothing is lost", async ({
  browserApp,
}) => {
  const cluster = await startCluster(browserApp);
  await createTopic(browserApp, cluster, "ledger", 3);
  const producer = new Producer(cluster.bootstrap, ["-t", "ledger", "-X", "acks=all"]);
  let sent = 0;
  const load = setInterval(() => producer.write(`${sent++}\n`), 5);
  try {
    await until("the first records", 20_000, async () => (await committed(browserApp, cluster, "ledger")) > 50);
    await fault(browserApp, cluster, "Stop");
    await fault(browserApp, cluster, "Crash");
  } finally {
    clearInterval(load);
  }
  // kcat ends with 0 only if every record was acknowledged.
  expect(await producer.finish(60_000)).toBe(0);
  const found = new Set(readAll(cluster.bootstrap, "ledger").map((row) => row.split("|")[4]));
  expect(sent).toBeGreaterThan(500);
  expect(Array.from({ length: sent }, (_, n) => String(n)).filter((n) => !found.has(n))).toEqual([]);
});

test("B7 two million rows, exact numbers, inert markup, a steady anchor", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  const line = '{"id":9223372036854775807,"rate":0.10,"name":"<img src=x onerror=alert(1)>"}';
  const hostile = ["-K|", "-H", "<script>alert(3)</script>=<img src=v onerror=alert(4)>"];
  kcat(cluster.bootstrap, ["-P", "-t", "many", "-p", "0", ...hostile], `<img src=x onerror=alert(2)>|${line}\n`);
  const numbers = Array.from({ length: 2_000_000 }, (_, n) => n).join("\n");
  kcat(cluster.bootstrap, ["-P", "-t", "many", "-p", "0", "-z", "lz4"], `${numbers}\n`);
  await ui.goto(`/c/${cluster.clusterId}/topics/many/messages?from=beginning&limit=3000000`);
  const grid = ui.page.getByRole("grid", { name: "Records" });
  const rows = async () => Number(await grid.getAttribute("aria-rowcount"));
  await until("every row", 60_000, async () => (await rows()) > 2_000_000);
  // Read from the beginning, the oldest record is on top.
  await grid.focus();
  await ui.press("Home");
  await until("the oldest row", 10_000, async () => (await grid.textContent())?.includes("9223372036854775807"));
  await ui.click("row", /9223372036854775807/);
  await ui.sees(/"rate": ?0\.10\b/);
  for (const n of [1, 2]) await ui.sees(`<img src=x onerror=alert(${n})>`);
  await ui.sees("<script>alert(3)</script>");
  await ui.sees("<img src=v onerror=alert(4)>");
  expect(await ui.page.locator("img").count()).toBe(0);
  await ui.press("Escape");
  await grid.focus();
  await ui.press("End");
  await ui.sees("1999999");
  await ui.press("Home");
  await ui.sees("9223372036854775807");

  // Newest first, new rows arrive above what a person reads and push nothing away.
  await ui.goto(`/c/${cluster.clusterId}/topics/many/messages`);
  await ui.sees("1999999");
  await ui.page.mouse.move(400, 500);
  await ui.page.mouse.wheel(0, 1300);
  const place = async () => (await ui.page.getByRole("row", { name: /1999945/ }).boundingBox())?.y;
  await until("a row to watch", 5_000, place);
  await new Promise((next) => setTimeout(next, 300));
  const before = (await place()) ?? 0;
  const tail = new Producer(cluster.bootstrap, ["-t", "many", "-p", "0"]);
  const places: (number | undefined)[] = [];
  for (let n = 0; n < 40; n++) {
    tail.write(`later-${n}\n`);
    await new Promise((next) => setTimeout(next, 50));
    places.push(await place());
  }
  expect(await tail.finish(10_000)).toBe(0);
  await until("the new rows above", 10_000, () => ui.page.getByRole("button", { name: "40 new" }).isVisible());
  const boxOf = async (part: Locator) => (await part.boundingBox()) ?? { y: 0, height: 0 };
  const [pill, head] = [await boxOf(ui.page.getByRole("button", { name: "40 new" })), await boxOf(ui.page.locator(".gh"))];
  expect(pill.y + pill.height, "the pill stands on the head and covers no row").toBeLessThanOrEqual(head.y + head.height);
  places.push(await place());
  expect(places.filter((at) => at === undefined || Math.abs(at - before) >= 2)).toEqual([]);
  await ui.click("button", "40 new");
  await ui.sees("later-39");
});

test("W8 after kill −9 the tabs, the cluster and the data are back", async ({ windowApp }) => {
  let { ui } = windowApp;
  const cluster = await startCluster(windowApp);
  kcat(cluster.bootstrap, ["-P", "-t", "kept", "-X", "acks=all"], "still here\n");
  await ui.goto(`/c/${cluster.clusterId}/topics/kept/messages`);
  await ui.sees("still here");
  await ui.click("button", "New tab");
  await ui.sees("Create topic");
  await ui.click("tab", "kept");
  await ui.sees("still here");
  const tabs = () =>
    ui.evaluate(() => Array.from(document.querySelectorAll('[aria-label="Tabs"] [role="tab"]')).map((tab) => tab.textContent));
  const before = await tabs();
  expect(before).toHaveLength(2);
  // The window writes what it remembers a moment after the last change.
  await new Promise((next) => setTimeout(next, 1500));
  await ui.kill();
  ui = await windowApp.reopen();
  await ui.sees("still here", 30_000);
  expect(await ui.path()).toBe(`/c/${cluster.clusterId}/topics/kept/messages`);
  expect(await tabs()).toEqual(before);
  expect(kcat(cluster.bootstrap, ["-C", "-t", "kept", "-e"])).toBe("still here\n");
});

test("B by keyboard alone: start, palette, create, produce", async ({ browserApp }) => {
  const { ui } = browserApp;
  /** Steps forward until the focus is on the control of that role and name. */
  const tabTo = async (role: "button" | "textbox", name: string) => {
    const wanted = ui.page.getByRole(role, { name, exact: true });
    await wanted.waitFor();
    for (let n = 0; n < 60; n++) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
      await ui.press("Tab");
    }
    throw new Error(`Tab never reached ${name}`);
  };
  await tabTo("button", "Options…");
  await ui.press("Enter");
  await tabTo("textbox", "First port");
  await ui.page.keyboard.type(String(await freePorts(3)));
  await ui.press("Shift+Tab", "Shift+Tab", "Shift+Tab");
  await tabTo("button", "Start empty");
  await ui.press("Enter");
  await ui.sees("Partitions online");
  await ui.press("Control+k");
  await ui.page.keyboard.type("Topics");
  await ui.press("Enter");
  await ui.page.waitForURL("**/topics");
  await ui.press("n");
  await ui.page.keyboard.type("typed");
  await ui.press("Enter");
  await ui.sees("Create topic typed");
  await expect(ui.page.getByRole("button", { name: "Create topic typed", exact: true })).toBeFocused();
  await ui.press("Enter");
  await ui.page.getByRole("dialog").waitFor({ state: "detached" });
  await ui.press("Control+k");
  await ui.page.keyboard.type("typed");
  await ui.page.getByRole("option", { name: "typed" }).waitFor();
  await ui.press("Enter");
  await ui.page.waitForURL("**/topics/typed/messages");
  await ui.press("p");
  await tabTo("textbox", "Value");
  await ui.page.keyboard.type("hello");
  await tabTo("button", "Send to typed");
  await ui.press("Enter");
  await ui.sees(/written: partition \d+, offset 0/);
});

test("B a broker stands still and goes on, loses its power and starts again, each by its button", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await createTopic(browserApp, cluster, "ledger", 3);
  await ui.goto(`/c/${cluster.clusterId}/local`);
  const row = ui.page.getByRole("grid", { name: "Brokers" }).getByRole("row", { name: /^Broker 2\b/ });
  await ui.click("button", "More for broker 2");
  await ui.click("menuitem", "Pause broker 2");
  await expect(row).toContainText("Paused");
  // Its leaders went to the others, which take writes as before.
  await until("the others to lead", 20_000, async () => {
    const rows = await partitions(browserApp, cluster, "ledger");
    return rows.every((one) => one.leader && one.leader !== 2);
  });
  kcat(cluster.bootstrap.split(",")[0] ?? "", ["-P", "-t", "ledger", "-X", "acks=all"], "a\nb\n");
  await ui.click("button", "Resume broker 2");
  await expect(row).toContainText("Running");
  await ui.press("Control+k");
  await ui.page.keyboard.type("cut the power of broker 2");
  await ui.press("Enter");
  const dialog = ui.page.getByRole("dialog", { name: "Cut the power of broker 2" });
  await expect(dialog.getByRole("button", { name: "Cut the power" })).toBeVisible();
  await expect(dialog.locator(":focus")).toHaveCount(1);
  await ui.press("Enter");
  await expect(dialog).toBeVisible();
  await dialog.getByRole("button", { name: "Cut the power" }).click();
  await expect(row).toContainText("Crashed");
  await ui.click("button", "Start broker 2");
  await expect(row).toContainText("Running");
  expect(readAll(cluster.bootstrap, "ledger").map((line) => line.split("|")[4]).sort()).toEqual(["a", "b"]);
  await ui.goto(`/c/${cluster.clusterId}/history`);
  await ui.sees("Cut the power of broker 2");
  // What the power took from its log is cut off there, and comes back from the others.
  browserApp.expectWarning(/tail truncated/);
});

test("B containers are let in by a switch, with the address to copy and what that means", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await createTopic(browserApp, cluster, "ledger", 1);
  await ui.goto(`/c/${cluster.clusterId}/local?part=connect`);
  const containers = ui.page.getByRole("region", { name: "Containers" });
  const toggle = containers.getByRole("switch", { name: "Reachable from containers" });
  await expect(containers).toContainText("on loopback only");
  await toggle.click();
  await expect(containers).toContainText("without a password");
  const told = (await containers.textContent())?.match(/host\.docker\.internal:(\d+)/);
  // What a program in a container would do, from here: come to that port, and be told that name.
  const metadata = kcat(`127.0.0.1:${told?.[1]}`, ["-L"]);
  expect(metadata).toContain(`broker 1 at host.docker.internal:${told?.[1]}`);
  expect(metadata).toContain('topic "ledger"');
  expect(kcat(cluster.bootstrap, ["-L"])).not.toContain("docker");
  await toggle.click();
  await expect(containers).toContainText("on loopback only");
  expect(() => kcat(`127.0.0.1:${told?.[1]}`, ["-L", "-m", "2"])).toThrow();
  await until("the cluster on this machine", 10_000, () => kcat(cluster.bootstrap, ["-L"]).includes("ledger"));
});
