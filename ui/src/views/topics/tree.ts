// Topics as a tree of the prefixes that several of them share. Only what is open is built.
import { known } from "../../components/cells";
import type { Cell, TopicRow } from "../../ipc/bindings";
import { counted } from "../../lib/numbers";

/** By which characters names are split; "none" is the flat list. */
export type Split = "none" | "dot" | "dash" | "underscore" | "any";

export const SPLITS: readonly (readonly [Split, string])[] = [
  ["none", "Flat list"],
  ["dot", "Tree by dots"],
  ["dash", "Tree by dashes"],
  ["underscore", "Tree by underscores"],
  ["any", "Tree by any of them"],
];

const CHARACTERS: Record<Split, string> = { none: "", dot: ".", dash: "-", underscore: "_", any: ".-_" };

export function readSplit(text: string | undefined): Split {
  return SPLITS.find(([split]) => split === text)?.[0] ?? "none";
}

export interface TopicLine {
  /** The topic's name; of a group a text that no topic can be called. */
  key: string;
  level: number;
  /** What the line shows: the topic, or the group's topics together. */
  topic: TopicRow;
  group?: TopicGroup;
  /** Key of the group it stands in. */
  parent?: string;
}

export interface TopicGroup {
  /** The beginning that its topics share, with the separator. */
  prefix: string;
  /** The part that the group above does not say already. */
  label: string;
  topics: readonly TopicRow[];
  open: boolean;
}

export type Order = ((a: TopicRow, b: TopicRow) => number) | undefined;

export interface TreeWish {
  split: Split;
  isOpen: (prefix: string) => boolean;
  order: Order;
}

export function flatLines(topics: readonly TopicRow[]): TopicLine[] {
  return topics.map((topic) => ({ key: topic.name, level: 1, topic }));
}

/** Returns the lines of the tree from top to bottom, each group before what it holds. */
export function treeLines(topics: readonly TopicRow[], wish: TreeWish): TopicLine[] {
  const lines: TopicLine[] = [];
  addLevel(lines, topics, wish, { prefix: "", level: 1 });
  return lines;
}

function addLevel(
  lines: TopicLine[],
  topics: readonly TopicRow[],
  wish: TreeWish,
  at: { prefix: string; level: number; parent?: string },
): void {
  const { level, parent } = at;
  for (const entry of entriesOf(topics, wish, at.prefix)) {
    if (!("topics" in entry)) {
      lines.push({ key: entry.name, level, topic: entry, parent });
      continue;
    }
    const key = groupKey(entry.prefix);
    lines.push({ key, level, topic: entry.sum, group: entry, parent });
    if (entry.open)
      addLevel(lines, entry.topics, wish, { prefix: entry.prefix, level: level + 1, parent: key });
  }
}

/** A space is in no topic's name. */
export function groupKey(prefix: string): string {
  return `group ${prefix}`;
}

interface Entry extends TopicGroup {
  sum: TopicRow;
}

function entriesOf(topics: readonly TopicRow[], wish: TreeWish, above: string): (TopicRow | Entry)[] {
  const byPrefix = new Map<string, TopicRow[]>();
  const entries: (TopicRow | Entry)[] = [];
  for (const topic of topics) {
    const prefix = nextPrefix(topic.name, above.length, wish.split);
    if (prefix === undefined) entries.push(topic);
    else {
      const shared = byPrefix.get(prefix);
      if (shared) shared.push(topic);
      else byPrefix.set(prefix, [topic]);
    }
  }
  for (const [first, shared] of byPrefix) {
    const [only] = shared;
    // A group of one would only hide its name.
    if (only && shared.length === 1) entries.push(only);
    else entries.push(group(longest(first, shared, wish.split), above, shared, wish));
  }
  const order = wish.order;
  return order ? entries.sort((a, b) => order(rowOf(a), rowOf(b))) : entries;
}

function group(prefix: string, above: string, topics: TopicRow[], wish: TreeWish): Entry {
  const label = prefix.slice(above.length);
  return { prefix, label, topics, open: wish.isOpen(prefix), sum: together(prefix, topics) };
}

function rowOf(entry: TopicRow | Entry): TopicRow {
  return "topics" in entry ? entry.sum : entry;
}

/** The beginning of a name up to its next separator; several in a row count as one. */
function nextPrefix(name: string, from: number, split: Split): string | undefined {
  const separates = (at: number) => CHARACTERS[split].includes(name.charAt(at));
  for (let at = from; at < name.length - 1; at++) {
    if (!separates(at)) continue;
    let end = at + 1;
    while (end < name.length && separates(end)) end++;
    return end < name.length ? name.slice(0, end) : undefined;
  }
  return undefined;
}

/** While all of them go on in the same way, that is one step and not several. */
function longest(prefix: string, topics: readonly TopicRow[], split: Split): string {
  let shared = prefix;
  for (;;) {
    const next = nextPrefix(topics[0]?.name ?? "", shared.length, split);
    if (next === undefined || !topics.every((topic) => topic.name.startsWith(next))) return shared;
    shared = next;
  }
}

/** What a group shows in the columns: sums, and of times the newest. */
function together(prefix: string, topics: readonly TopicRow[]): TopicRow {
  const sum = (of: (topic: TopicRow) => number) => topics.reduce((all, topic) => all + of(topic), 0);
  const cells = (of: (topic: TopicRow) => Cell<number>, join: (a: number, b: number) => number) =>
    joined(topics.map(of), join);
  const add = (a: number, b: number) => a + b;
  const none: Cell<never> = { state: "unavailable", reason: "each topic has its own" };
  return {
    name: prefix,
    internal: topics.every((topic) => topic.internal),
    partitions: sum((topic) => topic.partitions),
    replicationFactor: 0,
    underReplicated: sum((topic) => topic.underReplicated),
    offline: sum((topic) => topic.offline),
    records: cells((topic) => topic.records, add),
    ratePerSec: cells((topic) => topic.ratePerSec, add),
    logBytes: cells((topic) => topic.logBytes, add),
    lastRecordAt: cells(
      (topic) => topic.lastRecordAt,
      (a, b) => Math.max(a, b),
    ),
    cleanup: none,
    retentionMs: none,
    groups: none,
  };
}

/** A sum with a part unknown would be a wrong number. */
function joined(cells: readonly Cell<number>[], join: (a: number, b: number) => number): Cell<number> {
  if (cells.some((cell) => cell.state === "pending")) return { state: "pending" };
  const values = cells.flatMap((cell) => (cell.state === "value" ? cell.value : []));
  const unknown = cells.length - values.length;
  if (unknown > 0) return { state: "unavailable", reason: `not known of ${counted(unknown, "topic")}` };
  return known(values.reduce(join), cells);
}
