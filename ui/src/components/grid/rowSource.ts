// What a grid reads: a count, a revision, and windows of rows around an anchor. Index 0 is the top.
import { useMemo } from "react";

export type RowAnchor = { kind: "row"; id: string } | { kind: "index"; index: number } | { kind: "top" };

export interface RowWindow<R> {
  rows: readonly R[];
  first: number;
  count: number;
  revision: number;
}

export interface RowSource<R> {
  count: number;
  revision: number;
  key: (row: R) => string;
  /** Rows before and after the anchor; a promise when they live elsewhere. */
  window: (anchor: RowAnchor, before: number, after: number) => RowWindow<R> | Promise<RowWindow<R>>;
  /** Set when every row is at hand, so that the grid may read them while it renders. */
  all?: readonly R[];
}

/** A source over rows in memory. Where new ones come at the top, those that are read stay where they are. */
export function useListSource<R>(rows: readonly R[], key: (row: R) => string, growing = false): RowSource<R> {
  return useMemo(() => {
    const source: RowSource<R> = {
      count: rows.length,
      revision: 0,
      key,
      all: growing ? undefined : rows,
      window(anchor, before, after) {
        const at =
          anchor.kind === "index"
            ? anchor.index
            : anchor.kind === "row"
              ? rows.findIndex((row) => key(row) === anchor.id)
              : 0;
        const first = Math.max(0, at - before);
        return { rows: rows.slice(first, at + after + 1), first, count: rows.length, revision: 0 };
      },
    };
    return source;
  }, [rows, key, growing]);
}
