// What is new among the rows on screen. A few new rows are marked; where most are new, a mark on each would
// say nothing, and the grid shows samples of a stream instead.
import type { RowSource, RowWindow } from "./rowSource";

/** The share of the rows in view that may be new before they count as a stream. */
const NEW_SHARE_MAX = 0.5;

export interface Arrivals {
  fresh: ReadonlySet<string>;
  streaming: boolean;
}

export const NO_ARRIVALS: Arrivals = { fresh: new Set(), streaming: false };
export const STREAM: Arrivals = { fresh: new Set(), streaming: true };

/** Compares the rows at the top; `inView` is how many of them are seen. */
export function arrivals<R>(
  before: RowWindow<R>,
  next: RowWindow<R>,
  key: RowSource<R>["key"],
  inView: number,
): Arrivals {
  // The first fill is not news.
  if (before.rows.length === 0 || before.first !== 0 || next.first !== 0) return NO_ARRIVALS;
  const known = new Set(before.rows.map(key));
  const fresh = next.rows
    .slice(0, inView)
    .map(key)
    .filter((one) => !known.has(one));
  if (fresh.length > inView * NEW_SHARE_MAX) return STREAM;
  return fresh.length === 0 ? NO_ARRIVALS : { fresh: new Set(fresh), streaming: false };
}
