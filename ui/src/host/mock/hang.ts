// What is answered of a cluster whose brokers hang: they hold their connections and say nothing.
import type {
  AppError,
  Cell,
  ChartView,
  Missing,
  Overview,
  Seen,
  TopicDetail,
  TopicRow,
} from "../../ipc/bindings";
import { UNREACHABLE } from "./clusters";

/** Tells the mock host that from now on no broker answers. */
export const HANG_EVENT = "headwater.hang";

export const HUNG: AppError = {
  ...UNREACHABLE,
  what: "The topics cannot be measured",
  why: "No broker answered in time.",
};

const SILENT_MS = 30_000;
const AWAY_WHY = "The cluster is away.";

/** The cluster as a whole, then its groups, as the program names them. */
export const HUNG_MISSING: Missing[] = [
  { scope: "cluster", reason: `The cluster is away, this is what was seen last. ${HUNG.why}` },
  ...[1, 2, 3].map((id) => ({ scope: `groups of broker ${id}`, reason: HUNG.why })),
];

const failed: Cell<never> = { state: "failed", error: HUNG };
const away: Cell<never> = { state: "unavailable", reason: AWAY_WHY };

/** Returns the answer that follows `answer` once the brokers hang, or the error. */
export function hung(name: string, answer: unknown): { value: unknown } | { err: AppError } {
  const seen = answer as Seen<never>;
  const lacking = (value: unknown) => ({ value: { ...seen, value, missing: HUNG_MISSING } });
  switch (name) {
    case "overview":
      return lacking(hungOverview(seen.value));
    case "topics":
      return lacking((seen.value as TopicRow[]).map(hungTopic));
    case "groups":
      return lacking([]);
    case "group":
      return { err: { ...HUNG, code: "not_found", what: "The group cannot be shown" } };
    case "chart.get":
      return { value: silentChart(answer as ChartView) };
    case "topic.get":
      return lacking({
        ...(seen.value as TopicDetail),
        configs: failed,
        groups: { state: "value", value: [] },
      });
    default:
      return { value: answer };
  }
}

/** Time has moved on since the last point. */
function silentChart(chart: ChartView): ChartView {
  const { min, max, ticks } = chart.x;
  const x = { min: min + SILENT_MS, max: max + SILENT_MS, ticks: ticks.map((tick) => tick + SILENT_MS) };
  return { ...chart, x };
}

function hungOverview(overview: Overview): Overview {
  const none: Cell<number> = { state: "value", value: 0 };
  return {
    ...overview,
    brokers: overview.brokers.map((broker) => ({ ...broker, state: "unreachable", logBytes: failed })),
    producedPerSec: away,
    groups: none,
    groupsLagging: none,
    topTopics: overview.topTopics.map(hungTopic).sort((a, b) => a.name.localeCompare(b.name)),
  };
}

function hungTopic(topic: TopicRow): TopicRow {
  return {
    ...topic,
    records: failed,
    ratePerSec: away,
    logBytes: failed,
    cleanup: failed,
    retentionMs: failed,
    lastRecordAt: away,
    groups: away,
  };
}
