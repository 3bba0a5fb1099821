// A newer answer over the last one: what failed in it keeps its last good value, with since when. Of what did
// not fail the newer answer is believed, also where it says that there is nothing.
import { asOld, type Old, oldOf } from "../lib/old";
import type {
  BrokerDetail,
  BrokerRow,
  Cell,
  GroupDetail,
  GroupRow,
  Missing,
  Overview,
  Seen,
  TopicDetail,
  TopicRow,
} from "./bindings";

/** An answer that lacks something knows when the last whole one was; `old` says that nothing in it is news. */
export type KeptSeen<T> = Seen<T> & { lacksSince?: number; old?: Old };

/** What the newer answer lacks, and how old the one before it is. */
interface Lack {
  asOf: number;
  /** The whole cluster does not answer, so nothing is news. */
  away: boolean;
  why: string;
  /** Brokers that did not list their groups. */
  groupsOf: ReadonlySet<number>;
  /** Whether all brokers listed theirs the time before; a count of some groups is no count. */
  allGroupsBefore: boolean;
}

type Rows = readonly object[];

/** What is missing of a cluster that does not answer: all of it. */
export const AWAY: ReadonlySet<string> = new Set(["cluster", "numbers"]);
const GROUPS_OF = /^groups of broker (\d+)$/;
const CELL_STATES = new Set(["pending", "value", "unavailable", "failed"]);

const MERGES: Record<string, (before: never, next: never, lack: Lack) => unknown> = {
  overview: mergeOverview,
  topics: (before: TopicRow[], next: TopicRow[], lack) => rows(before, next, lack, (row) => row.name),
  groups: mergeGroups,
  group: mergeGroup,
  "topic.get": mergeTopic,
  "brokers.get": (before: BrokerDetail, next: BrokerDetail, lack) => cells(before, next, lack),
};

export function isSeen(answer: unknown): answer is KeptSeen<unknown> {
  return typeof answer === "object" && answer !== null && "asOf" in answer && "missing" in answer;
}

export function isAway(missing: readonly Missing[]): boolean {
  return missing.some((part) => AWAY.has(part.scope));
}

/** Returns `next` with what it could not tell as `before` told it. */
export function mergeSeen<T>(name: string, before: KeptSeen<T> | undefined, next: Seen<T>): KeptSeen<T> {
  const whole = next.missing.length === 0;
  if (whole && !anyFailed(next.value)) return next;
  const since = whole ? {} : lackOf(name, before, next);
  const merge = MERGES[name];
  if (!before || !merge) return { ...next, ...since };
  const lack: Lack = {
    asOf: before.asOf,
    away: isAway(next.missing),
    why: next.missing[0]?.reason ?? "It could not be read",
    groupsOf: groupsOf(next.missing),
    allGroupsBefore: groupsOf(before.missing).size === 0,
  };
  return { ...next, ...since, value: merge(before.value as never, next.value as never, lack) as T };
}

function lackOf(name: string, before: KeptSeen<unknown> | undefined, next: Seen<unknown>) {
  const lacksSince = before ? (before.lacksSince ?? before.asOf) : next.asOf;
  const away = next.missing.find((part) => AWAY.has(part.scope));
  if (away) return { lacksSince, old: { asOf: next.asOf, why: away.reason } };
  const { coordinator } = next.value as { coordinator?: number };
  const silent = next.missing.find(({ scope }) => Number(GROUPS_OF.exec(scope)?.[1]) === coordinator);
  // All that is known of a group is what its coordinator said.
  if (name === "group" && silent) return { lacksSince, old: { asOf: lacksSince, why: silent.reason } };
  return { lacksSince };
}

function groupsOf(missing: readonly Missing[]): ReadonlySet<number> {
  return new Set(missing.flatMap(({ scope }) => GROUPS_OF.exec(scope)?.slice(1).map(Number) ?? []));
}

function mergeOverview(before: Overview, next: Overview, lack: Lack): Overview {
  return {
    ...cells(before, next, lack),
    ...suspect(before, ["groups", "groupsLagging"], lack),
    brokers: mergeBrokers(before.brokers, next.brokers, lack),
    topTopics: topTopics(before.topTopics, next.topTopics, lack),
  };
}

function mergeBrokers(before: BrokerRow[], next: BrokerRow[], lack: Lack): BrokerRow[] {
  return rows(before, next, lack, (row) => String(row.id)).map((row) => {
    const was = oldOf(row.logBytes) && before.find((one) => one.id === row.id);
    return was ? { ...row, diskUsed: row.diskUsed ?? was.diskUsed } : row;
  });
}

/** Where no rate is known, the topics that are first by rate are those that were. */
function topTopics(before: TopicRow[], next: TopicRow[], lack: Lack): TopicRow[] {
  const ranked = next.some((row) => row.ratePerSec.state === "value");
  if (ranked || before.length === 0) return rows(before, next, lack, (row) => row.name);
  const byName = new Map(next.map((row) => [row.name, row]));
  return before.map((row) => {
    const now = byName.get(row.name);
    return now ? cells(row, now, lack) : oldRow(row, markOf(row, lack));
  });
}

function mergeGroups(before: GroupRow[], next: GroupRow[], lack: Lack): GroupRow[] {
  const known = new Map(before.map((row) => [row.group, row]));
  const merged = rows(before, next, lack, (row) => row.group).map((row) => {
    const was = known.get(row.group);
    if (was && isUnheard(row, lack)) return oldRow(row, markOf(was, lack));
    return was && oldOf(row.lag) ? { ...row, lagging: was.lagging, stuckSince: was.stuckSince } : row;
  });
  const there = new Set(next.map((row) => row.group));
  const lost = before.filter((row) => !there.has(row.group) && isUnheard(row, lack));
  return [...merged, ...lost.map((row) => oldRow(row, markOf(row, lack)))];
}

/** Whether the broker that told of the group is one that does not tell now. */
function isUnheard({ coordinator }: GroupRow, lack: Lack): boolean {
  if (lack.away) return true;
  return coordinator.state === "value" ? lack.groupsOf.has(coordinator.value) : lack.groupsOf.size > 0;
}

function mergeGroup(before: GroupDetail, next: GroupDetail, lack: Lack): GroupDetail {
  const failed = lack.away || next.lag.state === "failed";
  const offsets = rows(before.offsets, next.offsets, lack, (row) => `${row.topic} ${row.partition}`);
  const there = new Set(next.offsets.map((row) => `${row.topic} ${row.partition}`));
  const lost = before.offsets.filter((row) => failed && !there.has(`${row.topic} ${row.partition}`));
  return {
    ...cells(before, next, lack),
    ...(failed ? { lagging: before.lagging, stuckSince: before.stuckSince } : {}),
    ...(failed && next.protocol === "" ? { protocol: before.protocol } : {}),
    offsets: [...offsets, ...lost.map((row) => oldRow(row, markOf(row, lack)))],
  };
}

function mergeTopic(before: TopicDetail, next: TopicDetail, lack: Lack): TopicDetail {
  return {
    ...cells(before, next, lack),
    ...suspect(before, ["groups"], lack),
    partitions: rows(before.partitions, next.partitions, lack, (row) => String(row.partition)),
  };
}

function rows<R extends object>(before: readonly R[], next: R[], lack: Lack, key: (row: R) => string): R[] {
  if (!lack.away && !next.some(hasFailed)) return next;
  const known = new Map(before.map((row) => [key(row), row]));
  return next.map((row) => cells(known.get(key(row)), row, lack));
}

/** An object whose cells keep their value where the newer one failed. What is not to be had in an object that
 * failed in part, or of a cluster that is away, counts as failed too. */
function cells<R extends object>(before: R | undefined, next: R, lack: Lack): R {
  const partial = lack.away || hasFailed(next);
  if (!before || !partial) return next;
  const kept: Record<string, unknown> = {};
  for (const [name, cell] of Object.entries(next)) {
    const was: unknown = (before as Record<string, unknown>)[name];
    if (!isCell(cell) || cell.state === "value" || !isCell(was) || was.state !== "value") continue;
    kept[name] = asOld(was, oldOf(was) ?? { asOf: lack.asOf, why: whyOf(cell, lack) });
  }
  return { ...next, ...kept };
}

/** Cells made of the list of groups, where some brokers did not tell theirs. */
function suspect<R extends object, K extends keyof R>(before: R, names: K[], lack: Lack): Partial<R> {
  const kept: Partial<R> = {};
  if (lack.groupsOf.size === 0) return kept;
  for (const name of names) {
    const was: unknown = before[name];
    if (!isCell(was) || was.state !== "value" || !(oldOf(was) || lack.allGroupsBefore)) continue;
    kept[name] = asOld(was, markOf(was, lack)) as R[K];
  }
  return kept;
}

/** A row that the newer answer does not have, with all that stands in it. */
function oldRow<R extends object>(row: R, old: Old): R {
  const marked = Object.entries(row).map(([name, cell]) => [name, isCell(cell) ? asOld(cell, old) : cell]);
  return asOld(Object.fromEntries(marked), old);
}

function markOf(thing: object, lack: Lack): Old {
  return oldOf(thing) ?? { asOf: lack.asOf, why: lack.why };
}

function whyOf(cell: Cell<unknown>, lack: Lack): string {
  if (cell.state === "failed") return `${cell.error.what}. ${cell.error.why}`;
  return cell.state === "unavailable" ? cell.reason : lack.why;
}

function hasFailed(row: object): boolean {
  return Object.values(row).some((cell) => isCell(cell) && cell.state === "failed");
}

function anyFailed(value: unknown): boolean {
  if (Array.isArray(value)) return (value as Rows).some(anyFailed);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((part) => (isCell(part) ? part.state === "failed" : anyFailed(part)));
}

function isCell(part: unknown): part is Cell<unknown> {
  return (
    typeof part === "object" && part !== null && "state" in part && CELL_STATES.has(part.state as string)
  );
}
