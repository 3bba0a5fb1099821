import type { ChartView } from "../../ipc/bindings";
import { exactNumber, rate, shortNumber, tenths } from "../../lib/numbers";

export function figure(value: number | null | undefined, view: ChartView): string {
  if (value === null || value === undefined) return "—";
  return view.y.unit.includes("/s") || !Number.isInteger(value) ? rate(value) : shortNumber(value);
}

/** The same in full, for a column of a table. */
export function exactFigure(value: number, view: ChartView): string {
  return view.y.unit.includes("/s") || !Number.isInteger(value) ? tenths(value) : exactNumber(value);
}

/** Slower than this, a second, a lag comes and goes with each commit. */
const MOVES_PER_SEC = 0.5;

/** "rising 1.2/s" where it does, and nothing where it hardly moves. */
export function changeWord(perSec: number | null | undefined): string | undefined {
  if (perSec === null || perSec === undefined || Math.abs(perSec) < MOVES_PER_SEC) return undefined;
  return `${perSec > 0 ? "rising" : "falling"} ${rate(Math.abs(perSec))}/s`;
}

export function nearestX(view: ChartView, x: number): number | undefined {
  let best: number | undefined;
  for (const [at] of view.series[0]?.points ?? []) {
    if (best === undefined || Math.abs(at - x) < Math.abs(best - x)) best = at;
  }
  return best;
}

export function valueAt(points: [number, number | null][], x: number): number | null | undefined {
  return points.find(([at]) => at === x)?.[1];
}
