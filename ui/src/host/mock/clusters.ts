import type {
  AppError,
  BrokerRow,
  Cell,
  ClusterId,
  ClusterStatus,
  ClusterSummary,
  GroupDetail,
  Offset,
  Overview,
  Seen,
  TopicRow,
} from "../../ipc/bindings";
import { NOW, type Scenario } from "./scenario";

export const LOCAL = "local" as ClusterId;
const HOSTILE_NAME =
  "orders-\u202egnp.exe\u202c-with-a-very-long-name-that-goes-on-for-as-long-as-kafka-lets-it-which-is-249-characters";

export function value<T>(of: T): Cell<T> {
  return { state: "value", value: of };
}

export const UNREACHABLE: AppError = {
  code: "unreachable",
  what: "No broker of shop-dev answers",
  why: "All 3 bootstrap servers refused the connection within 5 s. The last answer came at 14:02.",
  remedies: [
    { label: "Try again", action: { kind: "retry" } },
    { label: "Check the connection", action: { kind: "route", href: "/connect" } },
  ],
  at: { connection: LOCAL, broker: "kafka-1.dev.shop.example:9092" },
  retriable: true,
  detail:
    "kafka-1.dev.shop.example:9092: connection refused (os error 111)\nkafka-2.dev.shop.example:9092: connection refused (os error 111)\nkafka-3.dev.shop.example:9092: timed out after 5000 ms",
};

export function clusters(which: Scenario): ClusterSummary[] {
  if (which === "welcome") return [];
  const local: ClusterSummary = {
    clusterId: LOCAL,
    name: which === "hostile" ? "Local <b>bold</b> \u202ename" : which === "prod" ? "shop-prod" : "Local",
    kind: which === "prod" ? "remote" : "local",
    environment: which === "prod" ? "prod" : "local",
    readOnly: which === "prod",
    bootstrap: "localhost:9092,localhost:9093,localhost:9094",
    state: which === "failing" ? "unreachable" : "connected",
    since: NOW - 180_000,
    lastSeen: NOW,
    brokers: 3,
    topics: 9,
    ...(which === "prod" ? { problem: "1,288 partitions under-replicated" } : {}),
  };
  if (which === "empty") return [{ ...local, topics: 0 }];
  const remote = (id: string, name: string, rest: Partial<ClusterSummary>): ClusterSummary => ({
    ...local,
    clusterId: id as ClusterId,
    name,
    kind: "remote",
    readOnly: false,
    problem: undefined,
    state: "connected",
    bootstrap: `kafka-1.${name}.example:9092`,
    ...rest,
  });
  return [
    local,
    remote("dev", "shop-dev", {
      environment: "dev",
      state: "unreachable",
      brokers: 3,
      topics: 88,
      lastSeen: NOW - 180_000,
      problem: "no broker answers",
    }),
    remote("stg", "shop-staging", { environment: "staging", brokers: 6, topics: 214 }),
    remote("prd", "shop-prod-eu", {
      environment: "prod",
      readOnly: true,
      brokers: 9,
      topics: 10_214,
      problem: "1,288 partitions under-replicated: broker 7 lost disk /data/d11",
    }),
  ];
}

export const TOPICS: [string, number, number, number, number, string, number][] = [
  ["page-views", 6, 10_010, 9.1, 3_200_000, "delete", 3_600_000],
  ["orders", 6, 18_204_621, 4.2, 2_400_000, "delete", 604_800_000],
  ["payments", 6, 4_290, 3.9, 2_100_000, "delete", 604_800_000],
  ["shipments", 3, 1_760, 1.6, 800_000, "delete", 604_800_000],
  ["inventory", 3, 1_320, 1.2, 400_000, "compact", -1],
  ["customers", 3, 440, 0.4, 300_000, "compact", -1],
  ["orders.dlq", 1, 12, 0, 100_000, "delete", 604_800_000],
  ["__consumer_offsets", 50, 8_912, 2, 900_000, "compact", -1],
  ["__transaction_state", 50, 0, 0, 0, "compact", -1],
];

export function topics(which: Scenario): TopicRow[] {
  if (which === "empty") return [];
  const rows = TOPICS.map(
    ([name, partitions, records, rate, bytes, cleanup, retention], index): TopicRow => ({
      name: which === "hostile" && index === 1 ? HOSTILE_NAME : name,
      internal: name.startsWith("__"),
      partitions,
      replicationFactor: 3,
      underReplicated: which === "hostile" || which === "prod" ? index % 3 : 0,
      offline: which === "hostile" && index === 5 ? 2 : 0,
      records: which === "hostile" && index === 2 ? { state: "pending" } : value(records),
      ratePerSec:
        which === "hostile" && index === 3
          ? { state: "unavailable", reason: "measured for 2 s only" }
          : value(rate),
      logBytes: which === "hostile" && index === 4 ? { state: "failed", error: UNREACHABLE } : value(bytes),
      cleanup: value(cleanup),
      retentionMs: value(retention),
      lastRecordAt: value(records === 0 ? 0 : NOW - index * 900),
      groups: value(index % 3 === 0 ? ["fulfilment", "analytics"] : []),
    }),
  );
  if (which !== "huge") return rows;
  const base = rows[1];
  return base
    ? Array.from({ length: 10_214 }, (_, at) => ({
        ...base,
        name: `shop.${["orders", "carts", "search", "ml"][at % 4]}.v${at}`,
      }))
    : rows;
}

export function brokers(which: Scenario): BrokerRow[] {
  const troubled = which === "hostile" || which === "prod";
  return [1, 2, 3].map(
    (id): BrokerRow => ({
      id,
      address: `localhost:${9091 + id}`,
      rack: ["a", "b", "c"][id - 1],
      state: troubled && id === 2 ? "crashed" : troubled && id === 3 ? "paused" : "running",
      controller: id === 1,
      leaders: troubled ? ([39, 0, 39][id - 1] ?? 0) : 26,
      replicas: 78,
      inSync: troubled && id === 2 ? 0 : 78,
      logBytes: value(9_400_000),
    }),
  );
}

export function overview(which: Scenario): Seen<Overview> {
  const empty = which === "empty";
  const troubled = which === "hostile" || which === "prod";
  return {
    asOf: NOW,
    missing:
      which === "hostile" ? [{ scope: "broker 2", reason: "did not answer DescribeLogDirs within 3 s" }] : [],
    value: {
      clusterName: "Local",
      kafkaClusterId: "q8Zr5mQzTl2i0bqk3sX9Aw",
      bootstrap: "localhost:9092,localhost:9093,localhost:9094",
      controller: 1,
      upSinceMs: Date.now() - 18 * 60_000,
      readyMs: 84,
      brokers: brokers(which),
      brokersTotal: 3,
      topics: empty ? 0 : 7,
      internalTopics: empty ? 0 : 2,
      partitions: empty ? 0 : 78,
      partitionsOnline: empty ? 0 : which === "hostile" ? 76 : 78,
      underReplicated: troubled ? 12 : 0,
      underReplicatedInternal: troubled ? 10 : 0,
      belowMinIsr: which === "hostile" ? 2 : 0,
      offline: which === "hostile" ? 2 : 0,
      producedPerSec: value(empty ? 0 : 20.4),
      groups: value(empty ? 0 : 2),
      groupsLagging:
        which === "hostile"
          ? { state: "unavailable", reason: "coordinator is moving" }
          : value(empty ? 0 : 1),
      topTopics: topics(which)
        .filter((topic) => !topic.internal)
        .slice(0, 7),
    },
  };
}

export function groupDetail(name: string): Seen<GroupDetail> {
  const members = [0, 1].map((at) => ({
    memberId: `consumer-${at + 1}-7f2e4f0a-51c0-4d6c`,
    clientId: `fulfilment-${at + 1}`,
    host: `/127.0.0.1:${51_544 + at}`,
    partitions: [0, 1, 2].map((partition) => ({ topic: "orders", partition: partition + at * 3 })),
  }));
  return {
    asOf: NOW,
    missing: [],
    value: {
      group: name,
      state: "Stable",
      protocolType: "consumer",
      protocol: "range",
      coordinator: 1,
      members: value(members),
      offsets: Array.from({ length: 6 }, (_, partition) => ({
        topic: "orders",
        partition,
        committed:
          partition === 5
            ? { state: "unavailable" as const, reason: "nothing committed" }
            : value(String(4_807_077 + partition * 991) as Offset),
        end: value(String(4_807_077 + partition * 1003) as Offset),
        lag:
          partition === 5
            ? { state: "unavailable" as const, reason: "nothing committed" }
            : value(partition * 12),
        memberId: members[partition < 3 ? 0 : 1]?.memberId,
      })),
      lag: value(120),
      lagging: false,
    },
  };
}

export function status(which: Scenario): ClusterStatus {
  return {
    state: which === "failing" ? "unreachable" : "connected",
    latencyMs: which === "failing" ? undefined : 0.34,
    since: NOW - 180_000,
    brokersUp: which === "hostile" ? 2 : 3,
    brokersTotal: 3,
    clients:
      which === "empty"
        ? []
        : [
            {
              software: "librdkafka",
              version: "2.11.0",
              address: "127.0.0.1:51544",
              clientId: "rdkafka",
              lastTopic: "orders",
              records: 1,
              lastRead: "payments",
              readBytes: 48_230,
              at: Date.now() - 8000,
            },
          ],
  };
}
