// Fixtures behind the same interface as the real hosts, for states that are hard to reach. Never shipped.
import type { AppError, Diagnosis, JobId, PlannedChange, ScanId, StartScan } from "../../ipc/bindings";
import { download, type Envelope, type FeedMessage, type Host, NO_CAPABILITIES } from "../host";
import * as broker from "./broker";
import { chart } from "./chart";
import * as clusters from "./clusters";
import * as groups from "./groups";
import { HANG_EVENT, hung } from "./hang";
import * as local from "./local";
import { journal, plan } from "./plans";
import { type MockScan, openScan, recordOf, windowOf } from "./records";
import { NOW, scenario } from "./scenario";
import * as topic from "./topic";

const fixture = { ...broker, ...clusters, ...groups, ...local, ...topic };
const TICK_MS = 700;
const STAGE_MS = 400;
// Fixtures answer whatever is asked, so a request's fields are taken as they come.
// biome-ignore lint/suspicious/noExplicitAny: see above.
type Request = Record<string, any>;
const scans = new Map<string, MockScan>();
let nextId = 1;

const done = ({ resource }: PlannedChange) => ({ resource, state: "done" });

export function mockHost(): Host {
  const which = scenario();
  let hangs = false;
  const open = new Set<() => void>();
  addEventListener(HANG_EVENT, () => {
    hangs = true;
    for (const again of open) again();
  });
  const rpc = async (op: string, raw: unknown): Promise<Envelope> => {
    const request = raw as Request;
    const answer =
      which === "failing" && !ALWAYS.has(op) ? { err: fixture.UNREACHABLE } : respond(op, request);
    return structuredClone(answer);
  };
  function respond(op: string, request: Request): Envelope {
    switch (op) {
      case "app.info":
        return { ok: fixture.INFO };
      case "settings.get":
        return { ok: fixture.SETTINGS };
      case "app.files":
        return {
          ok: ["headwater.db", "headwater.log", "local", "spill"].map((name, at) => ({
            what: [
              "Connections, history, what the window remembers",
              "Log",
              "Local cluster",
              "Rows of open scans",
            ][at],
            path: `~/.local/share/headwater/${name}`,
            bytes: 10 ** (4 + at),
          })),
        };
      case "app.report":
        return {
          ok: { text: '{\n  "program": "headwater",\n  "version": "0.1.0"\n}\n\n--- log ---\nINFO serving' },
        };
      case "state.get":
        return { ok: { value: localStorage.getItem(`mock.${request.key}`) } };
      case "state.put":
        localStorage.setItem(`mock.${request.key}`, request.value);
        return { ok: {} };
      case "local.settings":
        return { ok: fixture.localSettings() };
      case "local.preview":
        return { ok: preview(request) };
      case "local.start":
      case "local.restart":
        return { ok: { clusterId: fixture.LOCAL, readyMs: 84, bootstrap: "localhost:9092", brokers: 3 } };
      case "connect.diagnose":
        return { ok: { jobId: "job-1" as JobId } };
      case "clusters.list":
        return { ok: fixture.clusters("full") };
      case "clusters.add":
        return { ok: { clusterId: fixture.LOCAL } };
      case "brokers.get":
        return { ok: fixture.brokerDetail(which, request.broker) };
      case "topic.get":
        return { ok: seenNow("topic.get", fixture.topicDetail(which, request.topic)).value };
      case "plan.make":
        return { ok: plan(request.change) };
      case "plan.apply":
        return {
          ok: {
            outcomes: plan({ kind: "deleteTopic", name: "orders.dlq" }).changes.map(done),
            journalId: "j9",
          },
        };
      case "journal.list":
        return { ok: which === "empty" ? [] : journal() };
      case "produce.send":
        return { ok: { partition: 3, offset: "4809707", timestamp: NOW } };
      case "scan.start": {
        const scanId = `scan-${nextId++}` as ScanId;
        scans.set(scanId, openScan(which, scanId, request as unknown as StartScan));
        return { ok: { scanId } };
      }
      case "scan.window": {
        const scan = scans.get(request.scanId);
        return scan
          ? { ok: windowOf(which, scan, request.anchor, request.before, request.after) }
          : { err: gone() };
      }
      case "scan.template":
        return { ok: TEMPLATE };
      case "clusters.removed":
        return { ok: which === "full" ? REMOVED : [] };
      case "scan.record":
        return { ok: recordOf(which, request.rowId) };
      case "chart.get":
        return { ok: seenNow("chart.get", chart(which, request as never)).value };
      default:
        return { ok: {} };
    }
  }
  return {
    kind: "mock",
    capabilities: NO_CAPABILITIES,
    start: () => Promise.resolve(),
    rpc,
    saveFile: download,
    openFeed(feed, raw, onMessage) {
      const request = raw as Request;
      let revision = 1;
      const send = (value: unknown) =>
        onMessage({ revision: revision++, value: structuredClone(value) } satisfies FeedMessage);
      const timers: ReturnType<typeof setTimeout>[] = [];
      timers.push(setTimeout(() => first(), 5));
      function first() {
        if (which === "failing" && !ALWAYS.has(feed)) onMessage({ revision, err: fixture.UNREACHABLE });
        else if (feed === "scan") followScan(request.scanId);
        else if (feed === "diagnosis") followDiagnosis();
        else onMessage(structuredClone({ revision: revision++, ...seenNow(feed, snapshot(feed, request)) }));
      }
      open.add(first);
      function followDiagnosis() {
        for (const [at, step] of diagnose().entries())
          timers.push(setTimeout(() => send(step), at * STAGE_MS));
      }
      function followScan(scanId: string) {
        const scan = scans.get(scanId);
        if (!scan) return;
        send(scan.state);
        if (scan.state.state !== "live" || which === "empty" || localStorage.getItem("headwater.still"))
          return;
        timers.push(
          setInterval(() => {
            scan.state = {
              ...scan.state,
              count: scan.state.count + 1,
              scanned: scan.state.scanned + 1,
              revision: scan.state.revision + 1,
            };
            send(scan.state);
          }, TICK_MS),
        );
      }
      return () => {
        open.delete(first);
        for (const timer of timers) clearTimeout(timer);
      };
    },
  };

  function seenNow(name: string, answer: unknown): { value?: unknown; err?: AppError } {
    return hangs ? hung(name, answer) : { value: answer };
  }

  function snapshot(feed: string, request: Request): unknown {
    const seen = (value: unknown) => ({ value, asOf: NOW, missing: [] });
    switch (feed) {
      case "clusters":
        return fixture.clusters(hangs ? "failing" : which);
      case "overview":
        return fixture.overview(which);
      case "topics":
        return seen(fixture.topics(which));
      case "groups":
        return seen(fixture.groups(which));
      case "group":
        return fixture.groupDetail(request.group);
      case "status":
        return fixture.status(hangs ? "failing" : which);
      case "shop":
        return fixture.shop(which);
      case "layout":
        return seen(fixture.layout(which));
      case "local.panel":
        return fixture.localPanel(which);
      case "local.log":
        return fixture.localLog(which);
      default:
        return [];
    }
  }
}

const TEMPLATE = {
  partition: 0,
  key: { kind: "text", text: "eu-8813" },
  value: { kind: "text", text: '{"total": 12.40}' },
  headers: [{ name: "trace", value: { kind: "text", text: "abc" } }],
};

const REMOVED = [
  {
    clusterId: "old",
    name: "shop-old",
    environment: "dev",
    bootstrap: "kafka-1.shop-old.example:9092",
    removedAt: NOW - 86_400_000,
  },
];

const ALWAYS = new Set([
  "app.info",
  "app.files",
  "app.report",
  "settings.get",
  "state.get",
  "state.put",
  "clusters",
  "shop",
  "local.log",
  "local.settings",
  "jobs",
  "status",
  "connect.diagnose",
  "diagnosis",
  "diag.csp",
]);

function preview(request: { brokers?: number; basePort?: number }) {
  const brokers = request.brokers ?? 3;
  const taken = request.basePort === undefined && localStorage.getItem("headwater.taken");
  const base = request.basePort ?? (taken ? 19092 : 9092);
  return {
    brokers,
    ports: Array.from({ length: brokers }, (_, at) => base + at),
    dataDir: "~/.local/share/headwater/local",
    notice: taken ? "Port 9092 is taken by java (pid 4312). Using 19092–19094." : undefined,
    existing: false,
  };
}

function gone(): AppError {
  return {
    code: "not_found",
    what: "The scan has ended",
    why: "It was closed.",
    remedies: [{ label: "Read again", action: { kind: "retry" } }],
    at: {},
    retriable: true,
  };
}

function diagnose(): Diagnosis[] {
  const stage = (
    name: "name" | "tcp" | "apiversions" | "metadata",
    state: "pending" | "running" | "ok" | "failed",
    detail = "",
    ms?: number,
  ) => ({ name, state, detail, ms });
  const server = (address: string, ...stages: ReturnType<typeof stage>[]) => ({ address, stages });
  const bad = server(
    "kafka-1.eu.shop.example:9093",
    stage("name", "ok", "is 10.20.4.11", 3),
    stage("tcp", "failed", "connection refused", 11),
    stage("apiversions", "pending"),
    stage("metadata", "pending"),
  );
  const running = server(
    "kafka-2.eu.shop.example:9093",
    stage("name", "ok", "is 10.20.4.12", 2),
    stage("tcp", "running"),
    stage("apiversions", "pending"),
    stage("metadata", "pending"),
  );
  const also = server(
    "kafka-2.eu.shop.example:9093",
    stage("name", "ok", "is 10.20.4.12", 2),
    stage("tcp", "failed", "connection refused", 1204),
    stage("apiversions", "pending"),
    stage("metadata", "pending"),
  );
  return [
    { servers: [bad, running], advertised: [], verdict: "running" },
    {
      servers: [bad, also],
      advertised: [],
      verdict: "failed",
      error: {
        code: "unreachable",
        what: "Nothing listens on port 9093 of kafka-1",
        why: "The name was found and the machine answered, but it refused the connection on this port. Kafka is not running there, or it listens on another port.",
        remedies: [
          { label: "Check again", action: { kind: "retry" } },
          { label: "Kafka's own default port is 9092" },
        ],
        at: { broker: "kafka-1.eu.shop.example:9093" },
        retriable: true,
        detail: "connect: connection refused (os error 111)",
      },
    },
  ];
}
