// The journal as text: what a search looks in, and what an export writes.
import type { JournalEntry } from "../../ipc/bindings";
import { csv } from "../../lib/csv";

/** True when every word stands somewhere in the entry. */
export function entryMatches(entry: JournalEntry, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const changes = entry.changes.map(
    ({ resource, before, after, effect }) => `${resource} ${before ?? ""} ${after ?? ""} ${effect}`,
  );
  const all =
    `${entry.who} ${entry.title} ${entry.command} ${changes.join(" ")} ${resultWord(entry)}`.toLowerCase();
  return words.every((word) => all.includes(word));
}

export function resultWord(entry: JournalEntry): "undone" | "done" | "failed" | "partly failed" {
  if (entry.undoneBy) return "undone";
  const failed = failedParts(entry);
  if (failed === 0) return "done";
  return failed === entry.outcomes.length ? "failed" : "partly failed";
}

/** Parts that failed or were not begun; what the plan passed over on purpose is neither. */
export function failedParts(entry: JournalEntry): number {
  return entry.outcomes.filter((outcome) => outcome.state === "failed" || outcome.error).length;
}

export function journalCsv(entries: readonly JournalEntry[]): string {
  const head = [
    "time",
    "who",
    "change",
    "result",
    "resource",
    "before",
    "after",
    "effect",
    "error",
    "command",
    "id",
    "undone by",
    "undoes",
  ];
  const rows = entries.flatMap((entry) =>
    (entry.changes.length > 0 ? entry.changes : [undefined]).map((change) => [
      new Date(entry.at).toISOString(),
      entry.who,
      entry.title,
      resultWord(entry),
      change?.resource ?? "",
      change?.before ?? "",
      change?.after ?? "",
      change?.effect ?? "",
      entry.outcomes.find((outcome) => outcome.resource === change?.resource)?.error?.why ?? "",
      entry.command,
      entry.journalId,
      entry.undoneBy ?? "",
      entry.undoes ?? "",
    ]),
  );
  return csv([head, ...rows]);
}

export function journalJson(entries: readonly JournalEntry[]): string {
  return `${JSON.stringify(
    entries.map((entry) => ({ ...entry, time: new Date(entry.at).toISOString() })),
    null,
    2,
  )}\n`;
}
