// Clusters that are not ours: Apache Kafka comes and goes, addresses that are wrong, connections that may not write.
import { type Server, connect, createServer } from "node:net";
import { Apache, hasApache, kcat } from "./support/kafka.ts";
import { Child, binary, freePort, until } from "./support/process.ts";
import { type App, expect, test } from "./support/test.ts";
import { OperationRefused } from "./support/ui.ts";

const add = (app: App, bootstrap: string, readOnly = false) =>
  app.ui.call<{ clusterId: string }>("clusters.add", { name: "Remote", bootstrap, environment: "dev", readOnly });

async function comesAndGoes(app: App): Promise<void> {
  const { ui } = app;
  app.expectWarning(/unreachable|not reached|connection|cannot|closed|refused|leader|no answer/i);
  const apache = await Apache.start();
  try {
    kcat(apache.bootstrap, ["-P", "-t", "remote-orders", "-K:"], "a:1\nb:2\n");
    const reader = new Child("kcat", ["-q", "-b", apache.bootstrap, "-G", "remote-readers", "remote-orders"]);
    const { clusterId } = await add(app, apache.bootstrap);
    await ui.goto(`/c/${clusterId}/overview`);
    await ui.sees("Partitions online");
    await ui.sees(`localhost:${apache.port}`);
    await ui.goto(`/c/${clusterId}/topics`);
    await ui.sees("remote-orders");
    await ui.goto(`/c/${clusterId}/groups`);
    await ui.sees("remote-readers", 40_000);
    await reader.end("SIGKILL");
    await ui.goto(`/c/${clusterId}/topics/remote-orders/messages`);
    await ui.click("row", /b.*2/);
    await apache.kill();
    await ui.goto(`/c/${clusterId}/overview`);
    await ui.sees(/since \d\d:\d\d/, 30_000);
    await ui.goto("/");
    await ui.sees("Remote");
    await apache.run();
    await ui.goto(`/c/${clusterId}/topics`);
    await ui.sees("remote-orders", 40_000);
    await until("the connection to be back", 40_000, async () => {
      const all = await ui.call<{ clusterId: string; state: string }[]>("clusters.list");
      return all.find((cluster) => cluster.clusterId === clusterId)?.state === "connected";
    });
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

test("B4 a bootstrap that refuses, hangs, or is not Kafka is named within 5 s, and the form keeps its text", async ({
  browserApp,
}) => {
  const { ui } = browserApp;
  browserApp.expectWarning(/./);
  const http = await peer((socket) => socket.on("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")));
  const tls = await peer((socket) => socket.on("data", () => socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 10]))));
  const hanging = await peer(() => undefined);
  const refused = await freePort();
  const cases: [number, RegExp][] = [
    [refused, /refused/i],
    [http.port, /HTTP/],
    [tls.port, /TLS/],
  ];
  for (const [port, cause] of cases) {
    await ui.goto("/connect");
    await ui.fill("Bootstrap servers", `127.0.0.1:${port}`);
    await ui.click("button", "Connect");
    await ui.sees(cause, 5_000);
    expect(await ui.page.getByRole("textbox", { name: "Bootstrap servers" }).inputValue()).toBe(`127.0.0.1:${port}`);
  }
  await ui.goto("/connect");
  await ui.fill("Bootstrap servers", `127.0.0.1:${hanging.port}`);
  await ui.click("button", "Connect");
  await ui.click("button", "Cancel");
  expect(await ui.page.getByRole("textbox", { name: "Bootstrap servers" }).inputValue()).toContain("127.0.0.1");
  await ui.click("button", "Connect");
  await ui.sees(/no answer|does not answer|silent|in time|no reply/i, 7_000);
  for (const { server } of [http, tls, hanging]) server.close();
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

test("B4 an advertised address that cannot be reached is named with its remedy", async ({ browserApp }) => {
  const { ui } = browserApp;
  browserApp.expectWarning(/./);
  const launcher = new Child(binary("headwater-cluster"), [
    "start", "--ephemeral", "--brokers", "1", "--listen", "PLAINTEXT://localhost:0",
  ]);
  const [, real] = await launcher.line(/"bootstrap":"localhost:(\d+)"/);
  const closed = await freePort();
  const way = await misadvertised(Number(real), closed);
  await ui.goto("/connect");
  await ui.fill("Bootstrap servers", `127.0.0.1:${way.port}`);
  await ui.click("button", "Connect");
  await ui.sees(`localhost:${closed}`, 7_000);
  await ui.sees(/advertise/i);
  way.server.close();
  await launcher.end();
});

interface Operation {
  name: string;
  class: "read" | "local" | "write" | "destructive";
}

/** What each changing operation is asked with; one that is missing here fails the test. */
const requests = (clusterId: string): Record<string, unknown> => ({
  "produce.send": {
    clusterId, topic: "t", partition: 0, key: { kind: "null" }, value: { kind: "text", text: "x" }, headers: [], codec: "none", acks: "all",
  },
});

async function mayNotWrite(app: App): Promise<void> {
  const { ui } = app;
  app.expectWarning(/unreachable|refused|connection/i);
  const launcher = new Child(binary("headwater-cluster"), [
    "start", "--ephemeral", "--brokers", "1", "--listen", "PLAINTEXT://localhost:0",
  ]);
  try {
    const [, bootstrap] = await launcher.line(/"bootstrap":"([^"]+)"/);
    kcat(bootstrap, ["-P", "-t", "t"], "one\n");
    const { clusterId } = await add(app, bootstrap, true);
    const info = await ui.call<{ operations: Operation[] }>("app.info");
    const changing = info.operations.filter(({ class: c }) => c === "write" || c === "destructive");
    expect(changing.length).toBeGreaterThan(3);
    for (const { name } of changing.filter(({ name }) => name in requests(clusterId))) {
      const refusal = await ui.call(name, requests(clusterId)[name]).catch((error) => error);
      expect(refusal, name).toBeInstanceOf(OperationRefused);
      expect((refusal as OperationRefused).refusal.code, name).toBe("read_only");
    }
    const change = { kind: "deleteTopic", name: "t" };
    const plan = await ui.call<{ planId: string; confirm?: string; blocked?: unknown }>("plan.make", { clusterId, change });
    expect(plan.blocked).toBeTruthy();
    const apply = await ui.call("plan.apply", { planId: plan.planId, confirmation: "t" }).catch((error) => error);
    expect((apply as OperationRefused).refusal?.code).toBe("read_only");
    await ui.goto(`/c/${clusterId}/topics/no-such-topic/messages`);
    await ui.sees(/no-such-topic/);
    await new Promise((next) => setTimeout(next, 1500));
    const listed = kcat(bootstrap, ["-L"]);
    expect(listed).toContain('topic "t"');
    expect(listed).not.toContain("no-such-topic");
    expect(listed).not.toContain("__consumer_offsets");
  } finally {
    await launcher.end();
  }
}

test("B5 a read-only connection refuses every change, and looking creates nothing", ({ browserApp }) =>
  mayNotWrite(browserApp));
test("W5 a read-only connection refuses every change, and looking creates nothing", ({ windowApp }) =>
  mayNotWrite(windowApp));
