import type { ReactNode } from "react";

export interface Column<R> {
  id: string;
  /** Words of the head; also the accessible name of the sort button. */
  head: string;
  /** Stands in the head in place of the words. */
  headCell?: ReactNode;
  /** The head is only spoken, where marks or buttons need no word above them. */
  spoken?: boolean;
  /** Track of the grid template, such as "88px" or "minmax(0,1fr)". */
  width: string;
  /** Its track where the grid has little room. */
  narrow?: string;
  /** Numbers stand at the right; text after a number starts further in. */
  look?: "num" | "num ui" | "mono" | "mono soft" | "ico" | "after" | "mono after" | "plain";
  cell: (row: R, index: number) => ReactNode;
  /** Ascending order; its presence makes the head a button. */
  order?: (a: R, b: R) => number;
  /** Dropped when the grid is narrower than this. */
  above?: number;
}

/** Below this a grid counts as having little room. */
export const NARROW_PX = 620;

/** A character of the data's type, and what a cell keeps free at its sides. */
const CHARACTER_PX = 7.25;
const SIDES_PX = 12;

/** Returns a track that cuts none of the numbers, and is not narrower than `least`. */
export function trackFor(texts: readonly string[], least: number): string {
  const longest = Math.max(0, ...texts.map((text) => text.length));
  return `${Math.max(least, Math.ceil(longest * CHARACTER_PX) + SIDES_PX)}px`;
}

export interface Sort {
  column: string;
  descending: boolean;
}

const LOOKS: Record<string, string> = {
  num: "num",
  "num ui": "num ui",
  mono: "m",
  "mono soft": "m t2",
  ico: "ico",
  after: "pl",
  "mono after": "m pl",
  plain: "",
};

export function lookClass(look: string | undefined): string {
  return LOOKS[look ?? "plain"] ?? "";
}

/** Reads "-ratePerSec" from an address. */
export function readSort(text: string | undefined, fallback: Sort): Sort {
  if (!text) return fallback;
  return text.startsWith("-")
    ? { column: text.slice(1), descending: true }
    : { column: text, descending: false };
}

export function writeSort(sort: Sort): string {
  return (sort.descending ? "-" : "") + sort.column;
}

/** The next sort after a click on a head: other columns start descending for numbers, ascending for text. */
export function nextSort<R>(current: Sort | undefined, column: Column<R>): Sort {
  if (current?.column === column.id) return { column: column.id, descending: !current.descending };
  return { column: column.id, descending: column.look?.startsWith("num") ?? false };
}

export function sorted<R>(
  rows: readonly R[],
  columns: readonly Column<R>[],
  sort: Sort | undefined,
): readonly R[] {
  const order = columns.find((column) => column.id === sort?.column)?.order;
  if (!order || !sort) return rows;
  return [...rows].sort((a, b) => (sort.descending ? order(b, a) : order(a, b)));
}

export function byText<R>(pick: (row: R) => string): (a: R, b: R) => number {
  return (a, b) => (pick(a) < pick(b) ? -1 : pick(a) > pick(b) ? 1 : 0);
}

export function byNumber<R>(pick: (row: R) => number): (a: R, b: R) => number {
  return (a, b) => {
    const [left, right] = [pick(a), pick(b)];
    return left === right ? 0 : left < right ? -1 : 1;
  };
}
