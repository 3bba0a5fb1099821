// Fixtures of one broker's page.
import type { BrokerDetail, ConfigRow, Seen } from "../../ipc/bindings";
import { TOPICS, UNREACHABLE, value } from "./clusters";
import { NOW, type Scenario } from "./scenario";

const setting = (name: string, text: string, source: ConfigRow["source"], doc: string): ConfigRow => ({
  name,
  value: text,
  source,
  default: source === "default",
  sensitive: false,
  readOnly: source === "static",
  type: "string",
  doc,
});

export function brokerDetail(which: Scenario, broker: number): Seen<BrokerDetail> {
  const away = which === "hostile" && broker === 2;
  const topics = which === "empty" ? [] : TOPICS;
  return {
    asOf: NOW,
    missing: [],
    value: {
      configs: away
        ? { state: "failed", error: UNREACHABLE }
        : value([
            setting("log.dirs", "/var/lib/kafka/a,/var/lib/kafka/b", "static", "Where partitions are kept."),
            setting("log.retention.ms", "3600000", "cluster", "How long records are kept."),
            setting("message.max.bytes", "1048588", "default", "The largest batch."),
            setting("num.io.threads", "8", "broker", "Threads that answer requests."),
          ]),
      logDirs: value(
        ["a", "b"].map((name) => ({
          path: `/var/lib/kafka/${name}`,
          bytes: 4_700_000,
          replicas: 12,
          total: 252_000_000_000,
          usable: 30_000_000_000,
          ...(away && name === "b" ? { error: "The disk of the broker has failed." } : {}),
        })),
      ),
      topics: topics.map(([topic, partitions]) => ({
        topic,
        partitions,
        replicas: partitions,
        leaders: Math.floor(partitions / 3) + (partitions % 3 >= broker ? 1 : 0),
        inSync: away ? 0 : partitions,
      })),
    },
  };
}
