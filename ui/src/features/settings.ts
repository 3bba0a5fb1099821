// Settings of a topic: in words a person reads, in groups, and as a draft of changes.
import type { ConfigRow, ConfigSet } from "../ipc/bindings";
import { bytes, exactDigits } from "../lib/numbers";
import { duration } from "../lib/time";

/** By setting: a new value, or null to hand it back to what it inherits. */
export type ConfigDraft = Record<string, string | null | undefined>;

const GROUPS: [string, RegExp][] = [
  ["Retention", /^(retention|cleanup|delete\.retention|file\.delete)/],
  ["Compaction", /(compaction|cleanable)/],
  ["Segments", /^(segment|index|preallocate|flush)/],
  ["Messages", /^(max\.message|compression|message\.)/],
  ["Replication", /(replica|isr|leader|throttled)/],
];

/** Where a group stands: what one changes most comes first. */
export function groupRank(name: string): number {
  const at = GROUPS.findIndex(([, pattern]) => pattern.test(name));
  return at < 0 ? GROUPS.length : at;
}

export function groupOf(name: string): string {
  return GROUPS.find(([, pattern]) => pattern.test(name))?.[0] ?? "Other";
}

const CHOICES: Record<string, readonly string[]> = {
  "cleanup.policy": ["delete", "compact", "compact,delete"],
  "compression.type": ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"],
  "message.timestamp.type": ["CreateTime", "LogAppendTime"],
};

/** The words a setting takes, where it takes only some. */
export function choicesOf(row: ConfigRow): readonly string[] | undefined {
  return row.type === "boolean" ? ["true", "false"] : CHOICES[row.name];
}

const HOUR = 3_600_000;
const TIMES: [string, number][] = [
  ["1 h", HOUR],
  ["12 h", 12 * HOUR],
  ["1 d", 24 * HOUR],
  ["3 d", 72 * HOUR],
  ["7 d", 168 * HOUR],
  ["4 w", 672 * HOUR],
];
const SIZES: [string, number][] = [
  ["1 MB", 1_000_000],
  ["16 MB", 16_000_000],
  ["256 MB", 256_000_000],
  ["1 GB", 1_000_000_000],
];

/** Values one often wants, with their words. */
export function shortcutsOf(name: string): { label: string; value: string }[] {
  const chips = name.endsWith(".ms") ? TIMES : name.endsWith(".bytes") ? SIZES : [];
  const all = chips.map(([label, value]) => ({ label, value: String(value) }));
  return /^retention\.(ms|bytes)$/.test(name) ? [...all, { label: "no limit", value: "-1" }] : all;
}

/** Returns the value in units a person reads, or the value itself. */
export function humanValue(name: string, value: string): string {
  if (!/^-?\d+$/.test(value)) return value === "true" ? "yes" : value === "false" ? "no" : value;
  if (value === "-1" && /\.(ms|bytes)$/.test(name)) return "no limit";
  // Tiered storage keeps as long as the topic does.
  if (value === "-2" && name.startsWith("local.")) return "as the topic";
  if (value === "9223372036854775807") return "no limit";
  if (name.endsWith(".ms")) return duration(Number(value));
  if (name.endsWith(".bytes")) return bytes(Number(value));
  return exactDigits(value);
}

/** Whether a setting's name or what is told of it has these words. */
export const mentions = (row: { name: string; doc?: string }, text: string): boolean =>
  `${row.name} ${row.doc ?? ""}`.toLowerCase().includes(text.toLowerCase());

/** Says what is wrong with a typed value before the cluster is asked. */
export function valueProblem(row: Pick<ConfigRow, "type">, value: string): string | undefined {
  if (value.trim() === "") return "Enter a value, or hand it back";
  if (/^(int|long|short)$/.test(row.type) && !/^-?\d+$/.test(value.trim())) return "A whole number";
  if (row.type === "double" && !/^-?\d*\.?\d+$/.test(value.trim())) return "A number";
  return undefined;
}

/** Why a setting cannot be changed here, or nothing. */
export function locked(row: ConfigRow): string | undefined {
  if (row.readOnly) return "The cluster does not let this be changed while it runs";
  return row.sensitive ? "Its value never leaves the broker, so it could not be put back" : undefined;
}

/** True where the draft says something else than what is so already. */
export function changes(row: ConfigRow, drafted: string | null | undefined): boolean {
  if (drafted === undefined) return false;
  if (drafted === null) return row.source === "topic";
  return row.source !== "topic" || drafted.trim() !== row.value;
}

/** Returns the change as it is asked for, in the order of the list. */
export function entriesOf(rows: readonly ConfigRow[], draft: ConfigDraft): ConfigSet[] {
  return rows
    .filter((row) => changes(row, draft[row.name]))
    .map((row) => {
      const drafted = draft[row.name];
      return drafted === null || drafted === undefined
        ? { name: row.name }
        : { name: row.name, value: drafted.trim() };
    });
}
