// Clusters that are not ours: Apache Kafka comes and goes, addresses that are wrong, connections that may not write.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { type Server, connect, createServer } from "node:net";
import { join } from "node:path";
import { createServer as createTls } from "node:tls";
import { createTopic, startCluster } from "./support/flows.ts";
import { Apache, consoleConsumer, hasApache, kcat } from "./support/kafka.ts";
import { Child, binary, freePort, temporaryDir, until } from "./support/process.ts";
import { type App, expect, test } from "./support/test.ts";
import { OperationRefused } from "./support/ui.ts";

/** The status bar of a cluster that is away; it says since when. */
const UNREACHABLE = /Unreachable since \d\d:\d\d/;

const add = (app: App, bootstrap: string, readOnly = false) =>
  app.ui.call<{ clusterId: string }>("clusters.add", { name: "Remote", bootstrap, environment: "dev", readOnly });

async function comesAndGoes(app: App): Promise<void> {
  const { ui } = app;
  const apache = await Apache.start();
  try {
    kcat(apache.bootstrap, ["-P", "-t", "remote-orders", "-K:"], "a:1\nb:2\n");
    const reader = new Child("kcat", ["-q", "-b", apache.bootstrap, "-G", "remote-readers", "remote-orders"]);
    const newer = consoleConsumer(apache.bootstrap, "newer-readers", "remote-orders");
    const { clusterId } = await add(app, apache.bootstrap);
    await ui.goto(`/c/${clusterId}/overview`);
    await ui.sees("Partitions online");
    await ui.sees(`localhost:${apache.port}`);
    await ui.goto(`/c/${clusterId}/topics`);
    await ui.sees("remote-orders");
    await ui.goto(`/c/${clusterId}/groups`);
    await ui.sees("remote-readers", 40_000);
    await ui.goto(`/c/${clusterId}/groups/remote-readers`);
    await ui.sees("Stable");
    await ui.sees("remote-orders");
    await reader.end("SIGKILL");
    // A group of the new protocol is described by another request.
    await ui.goto(`/c/${clusterId}/groups/newer-readers`);
    await ui.sees("assignor uniform", 30_000);
    await ui.sees("1 member");
    await newer.end("SIGKILL");

    // What is open when the cluster goes is still there, and goes on when it is back.
    await ui.goto(`/c/${clusterId}/topics/remote-orders/messages`);
    await ui.click("row", /b.*2/);
    await apache.kill();
    await ui.sees(UNREACHABLE, 30_000);
    await ui.click("row", /a.*1/);
    await apache.run();
    await ui.sees(/Connected 1 of 1/, 30_000);
    kcat(apache.bootstrap, ["-P", "-t", "remote-orders", "-K:"], "c:after the return\n");
    await ui.sees("after the return", 30_000);

    await ui.goto(`/c/${clusterId}/overview`);
    await ui.sees("Partitions online");
    await apache.kill();
    await ui.sees(UNREACHABLE, 30_000);
    await ui.goto("/");
    await ui.sees("Remote");
    await ui.sees(/Unreachable/);
    await ui.goto(`/c/${clusterId}/topics`);
    await ui.sees(UNREACHABLE);
    await apache.run();
    await ui.sees(/Connected 1 of 1/, 30_000);
    await ui.sees("remote-orders", 30_000);
  } finally {
    await apache.close();
  }
}

test("B3 Apache Kafka is killed and comes back", async ({ browserApp }) => {
  if (!hasApache()) return;
  await comesAndGoes(browserApp);
});
test("W3 Apache Kafka is killed and comes back", async ({ windowApp }) => {
  if (!hasApache()) return;
  await comesAndGoes(windowApp);
});

/** A peer that is not Kafka, on a port of its own. */
async function peer(answer: (socket: import("node:net").Socket) => void): Promise<{ port: number; server: Server }> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    answer(socket);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return { port: typeof address === "object" && address ? address.port : 0, server };
}

/** A TLS server with a certificate that it signed itself: the SSL listener of a broker, as far as a client sees. */
async function tlsPeer(): Promise<{ port: number; server: Server }> {
  const dir = temporaryDir();
  const [key, cert] = [join(dir.path, "key.pem"), join(dir.path, "cert.pem")];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  execFileSync("openssl", [...made, "-subj", "/CN=localhost", "-keyout", key, "-out", cert], { stdio: "ignore" });
  const server = createTls({ key: readFileSync(key), cert: readFileSync(cert) });
  dir.remove();
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return { port: typeof address === "object" && address ? address.port : 0, server };
}

interface Wrong {
  name: string;
  port: number;
  cause: RegExp;
  remedy: string;
}

test("B4 a bootstrap that refuses, hangs up, is silent, or is not Kafka is named within 5 s, with what to do", async ({
  browserApp,
}) => {
  const { ui } = browserApp;
  const http = await peer((socket) => socket.on("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
  const tls = await tlsPeer();
  const closing = await peer((socket) => socket.on("data", () => socket.destroy()));
  const silent = await peer(() => undefined);
  const cases: Wrong[] = [
    { name: "refuses", port: await freePort(), cause: /refused/i, remedy: "Check that Kafka runs and that the port is right" },
    { name: "web", port: http.port, cause: /HTTP/, remedy: "Use Kafka's own port" },
    { name: "TLS", port: tls.port, cause: /The listener speaks TLS/, remedy: "Use the port of the PLAINTEXT listener" },
    { name: "hangs up", port: closing.port, cause: /closed/i, remedy: "The listener may want TLS or SASL" },
    { name: "silent", port: silent.port, cause: /no answer|did not answer|nothing/i, remedy: "The port may belong to another program" },
  ];
  await ui.goto("/connect");
  for (const { name, port, cause, remedy } of cases) {
    const servers = `127.0.0.1:${port}`;
    await ui.fill("Bootstrap servers", servers);
    await ui.fill("Name", name);
    await ui.choose("Environment", "STAGING");
    const begun = Date.now();
    await ui.click("button", "Connect");
    await ui.sees(remedy, 5_000);
    const alert = (await ui.page.getByRole("alert").textContent()) ?? "";
    expect(alert, name).toMatch(cause);
    expect(alert, name).toContain(servers);
    expect(Date.now() - begun, name).toBeLessThan(5_000);
    expect([await ui.value("Bootstrap servers"), await ui.value("Name")]).toEqual([servers, name]);
  }
  // The silent one again, given up by hand, and by a reload: the form is as it was.
  await ui.click("button", "Connect");
  await ui.click("button", "Cancel");
  await ui.sees("The form is as you left it.", 1_000);
  expect(await ui.value("Name")).toBe("silent");
  const jobs = ui.page.getByRole("button", { name: "Show jobs" });
  await jobs.waitFor({ state: "detached" });
  await new Promise((next) => setTimeout(next, 600));
  await ui.goto("/connect");
  expect([await ui.value("Bootstrap servers"), await ui.value("Name")]).toEqual([`127.0.0.1:${silent.port}`, "silent"]);
  expect(await ui.call("clusters.list")).toEqual([]);
  for (const { server } of [http, tls, closing, silent]) server.close();
});

/** A way to a real broker that tells clients of a port where nobody is: the classic of containers and tunnels. */
async function misadvertised(real: number, closed: number): Promise<{ port: number; server: Server }> {
  const bytes = (port: number) => Buffer.from([0, 0, port >> 8, port & 0xff]);
  return peer((socket) => {
    const behind = connect(real, "127.0.0.1");
    behind.on("error", () => socket.destroy());
    socket.on("close", () => behind.destroy());
    socket.pipe(behind);
    behind.on("data", (data: Buffer) => {
      for (let at = data.indexOf(bytes(real)); at >= 0; at = data.indexOf(bytes(real), at + 4))
        bytes(closed).copy(data, at);
      socket.write(data);
    });
  });
}

test("B a cluster that is in the list already is said before it is added twice", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await ui.goto("/connect");
  await ui.fill("Bootstrap servers", cluster.bootstrap.split(",")[0] ?? "");
  await ui.choose("Environment", "STAGING");
  await ui.click("button", "Connect");
  await ui.sees("This cluster is in the list already");
  await ui.click("button", "Open it");
  await until("its overview", 5_000, async () => (await ui.path()) === `/c/${cluster.clusterId}/overview`);
});

test("B a live view of a cluster that went away waits, and says since when", async ({ browserApp }) => {
  const { ui } = browserApp;
  const cluster = await startCluster(browserApp);
  await createTopic(browserApp, cluster, "orders");
  await ui.goto(`/c/${cluster.clusterId}/topics/orders/messages`);
  await ui.sees("Live");
  await ui.call("local.stop");
  const verdict = ui.page.getByRole("status", { name: "Verdict" });
  await expect(verdict).toContainText("Waiting");
  await expect(verdict).toContainText(/is stopped since \d\d:\d\d/);
});

test("B4 an advertised address that cannot be reached is named with its remedy", async ({ browserApp }) => {
  const { ui } = browserApp;
  const launcher = new Child(binary("headwater-cluster"), [
    "start", "--ephemeral", "--brokers", "1", "--listen", "PLAINTEXT://localhost:0",
  ]);
  const [, real] = await launcher.line(/"bootstrap":"localhost:(\d+)"/);
  const closed = await freePort();
  const way = await misadvertised(Number(real), closed);
  await ui.goto("/connect");
  await ui.fill("Bootstrap servers", `127.0.0.1:${way.port}`);
  await ui.click("button", "Connect");
  await ui.sees("Set advertised.listeners of the brokers", 5_000);
  const alert = (await ui.page.getByRole("alert").textContent()) ?? "";
  expect(alert).toContain(`localhost:${closed}`);
  expect(await ui.value("Bootstrap servers")).toBe(`127.0.0.1:${way.port}`);
  way.server.close();
  await launcher.end();
});

interface Operation {
  name: string;
  class: "read" | "local" | "write" | "destructive";
}

/** What each changing operation is asked with; one that is missing here fails the test. */
const requests = (clusterId: string, planId: string): Record<string, unknown> => ({
  "produce.send": {
    clusterId, topic: "t", partition: 0, key: { kind: "null" }, value: { kind: "text", text: "x" }, headers: [], codec: "none", acks: "all",
  },
  "plan.apply": { planId, confirmation: "t" },
  "local.reset": { confirm: "Local" },
  "local.snapshot_restore": { name: "none" },
  "local.snapshot_delete": { name: "none" },
  "local.stop_broker": { broker: 1 },
  "local.start_broker": { broker: 1 },
  "local.crash_broker": { broker: 1 },
  "local.pause_broker": { broker: 1 },
  "local.resume_broker": { broker: 1 },
  "local.power_cut_broker": { broker: 1 },
  "local.fault": { kind: "fillDisk", broker: 1 },
  "shop.open": {},
  "shop.remove": {},
});

async function refusesEverything({ ui }: App, clusterId: string): Promise<void> {
  const info = await ui.call<{ operations: Operation[] }>("app.info");
  const changing = info.operations.filter(({ class: c }) => c === "write" || c === "destructive");
  const changes = [
    { kind: "deleteTopic", name: "t" },
    { kind: "addPartitions", name: "t", total: 9 },
    { kind: "createTopic", name: "other", partitions: 1, replicationFactor: 1, configs: [] },
    { kind: "setTopicConfigs", name: "t", entries: [{ name: "retention.ms", value: "1" }] },
    { kind: "emptyTopic", name: "t", to: { kind: "end" } },
    { kind: "several", changes: [{ kind: "deleteTopic", name: "t" }] },
  ];
  for (const change of changes) {
    const plan = await ui.call<{ planId: string; blocked?: { code?: string } }>("plan.make", { clusterId, change });
    expect(plan.blocked?.code, change.kind).toBe("read_only");
    const asked = requests(clusterId, plan.planId);
    expect(Object.keys(asked).sort()).toEqual(changing.map(({ name }) => name).sort());
    for (const [name, request] of Object.entries(asked)) {
      const refusal = await ui.call(name, request).catch((error) => error);
      expect(refusal, name).toBeInstanceOf(OperationRefused);
      expect((refusal as OperationRefused).refusal.code, name).toBe("read_only");
      expect((refusal as OperationRefused).refusal.remedies, name).not.toEqual([]);
    }
  }
}

async function mayNotWrite(app: App): Promise<void> {
  const { ui } = app;
  const local = await startCluster(app);
  kcat(local.bootstrap, ["-P", "-t", "t"], "one\n");
  const launcher = new Child(binary("headwater-cluster"), [
    "start", "--ephemeral", "--brokers", "1", "--listen", "PLAINTEXT://localhost:0",
  ]);
  try {
    const [, bootstrap] = await launcher.line(/"bootstrap":"([^"]+)"/);
    kcat(bootstrap, ["-P", "-t", "t"], "one\n");
    const { clusterId } = await add(app, bootstrap, true);
    // The local cluster's own operations are about this one.
    const localAs = (readOnly: boolean) =>
      ui.call("clusters.update", { clusterId: local.clusterId, name: "Local", environment: "local", readOnly });
    await localAs(true);
    for (const id of [clusterId, local.clusterId]) await refusesEverything(app, id);
    // Production is locked without the flag.
    await ui.call("clusters.update", { clusterId, name: "Remote", environment: "prod", readOnly: false });
    await refusesEverything(app, clusterId);
    // A plan from before the lock is of no use after it.
    await ui.call("clusters.update", { clusterId, name: "Remote", environment: "dev", readOnly: false });
    const change = { kind: "deleteTopic", name: "t" };
    const open = await ui.call<{ planId: string; blocked?: unknown }>("plan.make", { clusterId, change });
    expect(open.blocked ?? undefined).toBeUndefined();
    await ui.call("clusters.update", { clusterId, name: "Remote", environment: "dev", readOnly: true });
    const late = await ui.call("plan.apply", { planId: open.planId, confirmation: "t" }).catch((error) => error);
    expect((late as OperationRefused).refusal.code).toBe("read_only");
    expect(await ui.call("journal.list", { clusterId })).toEqual([]);

    // The broker makes topics that are asked for; looking must not ask.
    for (const part of ["messages", "partitions", "groups", "config"]) {
      await ui.goto(`/c/${clusterId}/topics/no-such-topic/${part}`);
      await ui.sees(/no-such-topic/);
      await ui.sees("There is no such topic.");
    }
    await ui.goto(`/c/${clusterId}/groups/no-such-group`);
    await ui.sees(/no-such-group/);
    await new Promise((next) => setTimeout(next, 1500));
    const topics = [...kcat(bootstrap, ["-L"]).matchAll(/topic "([^"]+)"/g)].map(([, name]) => name);
    expect(topics).toEqual(["t"]);
    for (const server of [bootstrap as string, local.bootstrap])
      expect(kcat(server, ["-C", "-t", "t", "-e"])).toBe("one\n");
    await localAs(false);
  } finally {
    await launcher.end();
  }
}

test("B5 a read-only connection refuses every change, and looking creates nothing", ({ browserApp }) =>
  mayNotWrite(browserApp));
test("W5 a read-only connection refuses every change, and looking creates nothing", ({ windowApp }) =>
  mayNotWrite(windowApp));
