// What stands around every screen: the tabs line, the palette, the rail, and addresses that lead nowhere.
import { createTopic, startCluster } from "./support/flows.ts";
import { kcat } from "./support/kafka.ts";
import { expect, test } from "./support/test.ts";

test("B in a small window the tab that is shown is in sight, and Connect and Settings have one tab each", async ({
  browserApp,
}) => {
  const { ui } = browserApp;
  await startCluster(browserApp);
  await ui.page.setViewportSize({ width: 960, height: 600 });
  const line = ui.page.getByRole("tablist", { name: "Tabs" });
  const inSight = async () => {
    await expect
      .poll(async () => {
        const [tab, all] = await Promise.all([
          line.locator(".tab.on").boundingBox(),
          line.boundingBox(),
        ]);
        if (!tab || !all) return "not there";
        return tab.x >= all.x - 1 && tab.x + tab.width <= all.x + all.width + 1;
      })
      .toBe(true);
  };
  const inTab = (name: string) => ui.page.getByRole("link", { name }).first().click({ modifiers: ["Control"] });
  for (const screen of ["Topics", "Groups", "Brokers", "Local", "History", "Settings", "Clusters"]) {
    await inTab(screen);
    await inSight();
  }
  await ui.goto("/connect");
  await ui.sees("Bootstrap servers");
  await inSight();
  await line.getByRole("tab", { name: "Overview" }).click();
  await inSight();
  await line.getByRole("tab", { name: "Connect" }).click();
  await ui.page.setViewportSize({ width: 700, height: 600 });
  await inSight();
  await ui.page.setViewportSize({ width: 960, height: 600 });

  const tabs = (name: string) => line.getByRole("tab", { name, exact: true });
  await tabs("Brokers").click();
  await ui.press("Control+k");
  await ui.page.keyboard.type("connect to kafka");
  await ui.press("Enter");
  await expect(tabs("Connect")).toHaveAttribute("aria-selected", "true");
  await expect(tabs("Connect")).toHaveCount(1);
  await inSight();
  await tabs("Overview").click();
  await inTab("Settings");
  await expect(tabs("Settings")).toHaveCount(1);
  await expect(tabs("Settings")).toHaveAttribute("aria-selected", "true");
});

test("B Settings keep the cluster that they were opened from", async ({ browserApp }) => {
  const { ui } = browserApp;
  await startCluster(browserApp);
  const rail = ui.page.getByRole("navigation", { name: "Cluster" });
  await ui.click("link", "Settings");
  await ui.sees("This program");
  await expect(rail.getByRole("link", { name: "Topics" })).toBeVisible();
  await ui.sees("Connected 3 of 3");
  await ui.page.reload();
  await ui.sees("This program");
  await expect(rail.getByRole("link", { name: "Topics" })).toBeVisible();
  await ui.goto("/gallery");
  await ui.sees("every part in every state");
  await expect(rail.getByRole("link", { name: "Topics" })).toBeVisible();
  // From the list of clusters none is open.
  await ui.click("link", "Clusters");
  await ui.click("link", "Settings");
  await ui.sees("No cluster open");
});

test("B the palette creates a topic and produces to one from any screen of the cluster", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await createTopic(browserApp, cluster, "orders");
  await ui.goto(`/c/${cluster.clusterId}/brokers`);
  await ui.sees("Running, controller");
  await ui.press("Control+k");
  await ui.page.keyboard.type("create topic");
  await expect(ui.page.getByRole("option").filter({ hasNotText: "template" })).toHaveCount(1);
  await ui.press("Enter");
  await ui.page.getByRole("textbox", { name: "Topic name" }).waitFor();
  await ui.press("Escape");
  await ui.page.getByRole("dialog").waitFor({ state: "detached" });
  expect(ui.page.url()).not.toContain("create");
  // On its own screen it is offered once.
  await ui.press("Control+k");
  await ui.page.keyboard.type("create topic");
  await expect(ui.page.getByRole("option").filter({ hasNotText: "template" })).toHaveCount(1);
  await ui.press("Escape");

  await ui.goto(`/c/${cluster.clusterId}/groups`);
  await ui.sees("No consumer groups yet");
  await ui.press("Control+k");
  await ui.click("option", "Produce to topic…");
  await ui.page.keyboard.type("ord");
  await expect(ui.page.getByRole("option", { name: "Produce record to orders" })).toHaveAttribute("aria-selected", "true");
  await ui.press("Enter");
  await expect(ui.page.getByRole("region", { name: "Produce record" })).toBeVisible();
  expect(await ui.path()).toBe(`/c/${cluster.clusterId}/topics/orders/messages`);
  await expect(ui.page.getByRole("textbox", { name: "Key" })).toBeFocused();
  expect(await ui.value("Key")).toBe("");
});

test("B the palette offers no changes to a cluster that is read-only", async ({ browserApp }) => {
  const { ui } = browserApp;
  const { bootstrap } = await startCluster(browserApp);
  const other = { name: "Locked", bootstrap, environment: "prod", readOnly: true };
  const { clusterId } = await ui.call<{ clusterId: string }>("clusters.add", other);
  await ui.goto(`/c/${clusterId}/brokers`);
  await ui.sees("Locked");
  await ui.press("Control+k");
  await ui.page.keyboard.type("topic…");
  for (const option of await ui.page.getByRole("option").all())
    await expect(option).toHaveAttribute("aria-disabled", "true");
  await expect(ui.page.getByRole("option", { name: "Create topic…" })).toContainText("Locked is read-only");
  await ui.press("Escape");
});

test("B the first arrow picks the first record, and nothing says that there are none before it is known", async ({
  browserApp,
}) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  kcat(cluster.bootstrap, ["-P", "-t", "orders"], "first\nsecond\nthird\n");
  await ui.page.addInitScript(() => {
    const seen = () => {
      if (document.body?.textContent?.includes("no records")) Object.assign(window, { saidNone: true });
    };
    new MutationObserver(seen).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await ui.goto(`/c/${cluster.clusterId}/topics/orders/messages`);
  await ui.page.getByRole("row", { name: /third/ }).waitFor();
  expect(await ui.page.evaluate(() => "saidNone" in window)).toBe(false);
  await ui.press("ArrowDown");
  const picked = ui.page.getByRole("row", { selected: true });
  await expect(picked).toHaveAttribute("aria-rowindex", "2");
  await expect(ui.page.getByRole("grid", { name: "Records" })).toBeFocused();
  await ui.press("ArrowDown");
  await expect(picked).toHaveAttribute("aria-rowindex", "3");
  await ui.press("Escape");
  // The focus is on the link that led here.
  await ui.click("link", /^Partitions/);
  await ui.page.getByRole("grid", { name: "Partitions" }).waitFor();
  await ui.press("End");
  await expect(picked).toHaveCount(1);
  await expect(ui.page.getByRole("grid", { name: "Partitions" })).toBeFocused();
});

test("B an address of no cluster, of a removed one, and of no topic say what they are", async ({ browserApp }) => {
  const { ui } = browserApp;
  const { clusterId } = await startCluster(browserApp);
  await ui.goto("/c/4711/topics");
  await ui.sees("There is no such connection");
  await ui.lacks("Create topic");
  await ui.click("button", "Show all clusters");
  await ui.sees("1 cluster");

  const old = { name: "shop-old", bootstrap: "127.0.0.1:1", environment: "dev", readOnly: true };
  const gone = await ui.call<{ clusterId: string }>("clusters.add", old);
  await ui.call("clusters.remove", { clusterId: gone.clusterId });
  await ui.goto(`/c/${gone.clusterId}/overview`);
  await ui.sees("shop-old");
  await ui.sees("This connection was removed");

  await ui.goto(`/c/${clusterId}/topics/nope/messages`);
  await ui.sees("There is no such topic");
  await expect(ui.page.locator("header .facts")).not.toContainText("partition");
});
