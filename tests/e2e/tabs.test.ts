// Tabs: by keyboard, by address, by name; and forms that say at the field what is wrong.
import { createTopic, startCluster } from "./support/flows.ts";
import { kcat } from "./support/kafka.ts";
import { freePort } from "./support/process.ts";
import { expect, test } from "./support/test.ts";

test("B the tabs are one stop of the Tab key, arrows go on from there, Delete closes", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  const { clusterId } = cluster;
  await createTopic(browserApp, cluster, "orders");
  const line = ui.page.getByRole("tablist", { name: "Tabs" });
  const names = async () => (await line.getByRole("tab").allTextContents()).map((name) => name.trim());
  await ui.goto(`/c/${clusterId}/topics/orders/messages`);
  await ui.sees("has no records here");
  await ui.goto(`/c/${clusterId}/topics/orders/config`);
  await ui.sees("retention.ms");
  expect(await names()).toEqual(["Overview", "Topics", "orders · messages", "orders · config"]);
  // A view that is open is shown there, with what the address adds.
  await ui.goto(`/c/${clusterId}/topics/orders/messages?from=beginning`);
  await ui.sees("has no records here");
  expect(await names()).toHaveLength(4);
  await expect(line.getByRole("tab", { name: "orders · messages" })).toHaveAttribute("aria-selected", "true");
  await expect(line.locator("[role=tab][tabindex='0']")).toHaveCount(1);

  const focused = () => ui.page.evaluate(() => document.activeElement?.textContent?.trim());
  await line.getByRole("tab", { name: "orders · messages" }).focus();
  await ui.press("ArrowRight");
  expect(await focused()).toBe("orders · config");
  await ui.press("ArrowRight");
  expect(await focused()).toBe("Overview");
  await ui.press("End", "Delete");
  expect(await names()).toEqual(["Overview", "Topics", "orders"]);
  expect(await focused()).toBe("orders");
  await ui.press("Home", "Enter");
  await ui.sees("Partitions online");
  expect(await ui.path()).toBe(`/c/${clusterId}/overview`);
});

test("B what is wrong is said at the field, and an address that is typed anew has no old error", async ({ browserApp }) => {
  const { ui } = browserApp;
  const { clusterId } = await startCluster(browserApp);
  await ui.goto(`/c/${clusterId}/topics`);
  await ui.click("button", "Create topic");
  await ui.fill("Topic name", "no good!");
  const field = ui.page.getByRole("textbox", { name: "Topic name" });
  await expect(field).toHaveAttribute("aria-invalid", "true");
  const bad = await ui.page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.color = "var(--bad)";
    const color = getComputedStyle(probe).color;
    probe.remove();
    return color;
  });
  await expect(ui.page.locator(".field .problem")).toHaveText("Letters, digits, dot, underscore and hyphen only");
  await expect(ui.page.locator(".field .problem")).toHaveCSS("color", bad);
  await expect(ui.page.locator(".input.wrong")).toHaveCSS("border-top-color", bad);
  await ui.press("Escape");

  await ui.goto("/connect");
  await ui.fill("Bootstrap servers", `127.0.0.1:${await freePort()}`);
  await ui.click("button", "Connect");
  await ui.sees("Nothing listens on that port");
  await ui.fill("Bootstrap servers", "127.0.0.1:9");
  await ui.lacks("Nothing listens on that port");
});

test("B a large value in hexadecimal fits its pane", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await createTopic(browserApp, cluster, "large", 1);
  kcat(cluster.bootstrap, ["-P", "-t", "large", "-D", "<end>"], "x".repeat(200_000));
  await ui.goto(`/c/${cluster.clusterId}/topics/large/messages`);
  await ui.click("row", /xxxx/);
  await ui.click("tab", "Hex");
  await ui.sees("000008");
  const [pane, hex, offset, text] = await ui.page.evaluate(() => {
    const grid = document.querySelectorAll(".hex")[document.querySelectorAll(".hex").length - 1] as HTMLElement;
    const cells = grid.firstElementChild?.children ?? [];
    const right = (one?: Element | null) => one?.getBoundingClientRect().right ?? 0;
    return [grid.clientWidth, grid.scrollWidth, cells[0]?.getBoundingClientRect().width ?? 0, right(cells[2]) - right(grid)];
  });
  expect(hex).toBeLessThanOrEqual(pane as number);
  expect(offset).toBeLessThan(60);
  expect(text).toBeLessThanOrEqual(0);
});
