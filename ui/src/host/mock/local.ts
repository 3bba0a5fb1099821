// Fixtures of the local cluster's panel.
import type {
  AppInfo,
  AppSettings,
  Layout,
  LocalLogLine,
  LocalPanel,
  LocalSetting,
  LocalSnapshot,
  ShopStatus,
} from "../../ipc/bindings";
import { NO_CAPABILITIES } from "../host";
import { brokers, topics } from "./clusters";
import { NOW, type Scenario } from "./scenario";

export function shop(which: Scenario): ShopStatus {
  if (which === "empty" || which === "welcome") return { state: "absent", records: 0 };
  if (which === "hostile") return { state: "paused", records: 48_211, recordsPerSec: 0 };
  return { state: "open", records: 20_904, recordsPerSec: 20.4 };
}

export function layout(which: Scenario): Layout {
  const all = topics(which)
    .filter((topic) => !topic.internal)
    .slice(0, 20);
  const partitions = all.flatMap((topic) =>
    Array.from({ length: topic.partitions }, (_, partition) => {
      const leader = (partition % 3) + 1;
      const replicas = [leader, (leader % 3) + 1, ((leader + 1) % 3) + 1];
      const down = which === "hostile";
      return {
        topic: topic.name,
        partition,
        leader: down && leader === 2 ? 3 : leader,
        replicas,
        isr: down ? replicas.filter((id) => id !== 2) : replicas,
      };
    }),
  );
  return {
    brokers: [1, 2, 3].map((id) => ({ id, up: which !== "hostile" || id !== 2, controller: id === 1 })),
    partitions,
    total: partitions.length,
  };
}

export function localPanel(which: Scenario): LocalPanel {
  return {
    running: true,
    brokers: brokers(which).map(({ id, address, state }) => ({ id, address, state, logBytes: 9_400_000 })),
    dataDir: "~/.local/share/headwater/local",
    dataBytes: 28_400_000,
    containersOpen: true,
    basePort: 9092,
    diskMax: 0,
    bootstrap: "localhost:9092,localhost:9093,localhost:9094",
    since: NOW - 1_080_000,
    readyMs: 84,
    ...(which === "hostile"
      ? { containersBootstrap: [9192, 9193, 9194].map((port) => `host.docker.internal:${port}`).join(",") }
      : {}),
    faults:
      which === "hostile"
        ? [{ words: "broker 2: its disk is full until it is given room", mends: true }]
        : [],
    overrides: [{ name: "log.retention.ms", value: "3600000" }],
    snapshots: localSnapshots(which),
  };
}

function localSnapshots(which: Scenario): LocalSnapshot[] {
  if (which === "empty") return [];
  const directory = (name: string) => `~/.local/share/headwater/snapshots/${name}`;
  const taken = (name: string, minutes: number, bytes: number): LocalSnapshot => ({
    name,
    directory: directory(name),
    takenAt: NOW - minutes * 60_000,
    bytes,
    brokers: 3,
  });
  const damaged = { name: "old", directory: directory("old"), bytes: 0, brokers: 0 };
  return [
    taken("before the migration", 4, 27_900_000),
    taken("fixture", 60 * 26, 9_100_000),
    ...(which === "hostile" ? [{ ...damaged, problem: "Snapshot.json is damaged." }] : []),
  ];
}

export function localSettings(): LocalSetting[] {
  const setting = (
    name: string,
    doc: string,
    value: string,
    rest: Partial<LocalSetting> = {},
  ): LocalSetting => ({
    name,
    doc,
    default: value,
    ...rest,
  });
  return [
    setting(
      "auto.create.topics.enable",
      "Whether a client that asks for a missing topic creates it.",
      "true",
    ),
    setting("broker.session.timeout.ms", "Silence after which a broker counts as gone.", "9000", {
      laptop: "2000",
    }),
    setting("default.replication.factor", "Replicas of a topic whose creator names no number.", "1", {
      laptop: "3",
    }),
    setting("group.initial.rebalance.delay.ms", "Wait for more members before the first rebalance.", "3000", {
      laptop: "0",
    }),
    setting("log.retention.ms", "Age after which a closed segment is deleted.", "604800000", {
      set: "3600000",
    }),
  ];
}

export function localLog(which: Scenario): LocalLogLine[] {
  if (which === "empty") return [];
  const text =
    which === "hostile" ? "\u202eevil <b>bold</b>, why \u0007bell" : "local cluster started, ready_ms 84.2";
  return [
    { number: 1, at: NOW - 60_000, level: "info", text },
    { number: 2, at: NOW - 40_000, level: "info", broker: 2, text: "the broker crashed" },
    { number: 3, at: NOW - 38_000, level: "info", broker: 2, text: "session expired" },
    {
      number: 4,
      at: NOW - 20_000,
      level: "error",
      broker: 2,
      text: "segment not sealed, err No space left on device",
    },
  ];
}

export const SETTINGS: AppSettings = { lookEverySec: 2, idleEverySec: 10, scanMemoryMb: 64, notify: true };

export const INFO: AppInfo = {
  version: "0.1.0",
  host: "http",
  platform: "linux-x86_64",
  capabilities: NO_CAPABILITIES,
  dataDir: "~/.local/share/headwater",
  notices: [],
  operations: [],
};
