// What topics are often made for, and a shape that fits it. A template fills the form and nothing else: each value
// of it is seen there and may be changed.
import type { ConfigEntry } from "../../ipc/bindings";

export type Cleanup = "delete" | "compact" | "compact,delete";

export interface TopicTemplate {
  id: string;
  label: string;
  /** One line on what it is for, and why it looks so. */
  why: string;
  partitions: string;
  cleanup: Cleanup;
  /** Milliseconds; empty for what the broker says. */
  retention: string;
  settings: readonly ConfigEntry[];
}

const HOUR_MS = 3_600_000;
const days = (count: number) => String(count * 24 * HOUR_MS);
const hours = (count: number) => String(count * HOUR_MS);

export const TEMPLATES: readonly TopicTemplate[] = [
  {
    id: "events",
    label: "Events",
    why: "What happened, for any number of readers: a week is time enough to mend a reader and read again.",
    partitions: "6",
    cleanup: "delete",
    retention: days(7),
    settings: [],
  },
  {
    id: "table",
    label: "Compacted table",
    why: "The latest record of each key stays for good; compacting early keeps a first read short.",
    partitions: "6",
    cleanup: "compact",
    retention: "",
    settings: [{ name: "min.cleanable.dirty.ratio", value: "0.1" }],
  },
  {
    id: "queue",
    label: "Work queue",
    why: "Each partition feeds one worker, so there are many; what is done goes soon, as segments close hourly.",
    partitions: "12",
    cleanup: "delete",
    retention: days(1),
    settings: [{ name: "segment.ms", value: hours(1) }],
  },
  {
    id: "changes",
    label: "Change log",
    why: "The latest record of each key, but of none that was silent for four weeks: old keys go by themselves.",
    partitions: "6",
    cleanup: "compact,delete",
    retention: days(28),
    settings: [{ name: "segment.ms", value: days(1) }],
  },
  {
    id: "dead",
    label: "Dead letters",
    why: "What could not be handled, in one order, and kept long enough that a person finds and mends it.",
    partitions: "1",
    cleanup: "delete",
    retention: days(90),
    settings: [],
  },
];
