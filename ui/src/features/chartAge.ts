// Whether a chart shows how things are: a line that ended a while ago is what was measured last.
import type { AppError, ChartView } from "../ipc/bindings";
import { type Old, sentence } from "../lib/old";

/** A line breaks where nothing was measured for this long. */
const SILENT_MS = 10_000;
const SILENT = "Nothing could be measured since.";

export interface Silence {
  /** Why the whole cluster tells nothing. */
  away?: string;
  /** Why the chart itself could not be asked for. */
  error?: AppError;
  /** Since when somebody looks, by the clock of the charts: before that nobody may have measured. */
  seenSince: number;
}

/** Returns as of when a chart is and why there is nothing newer, or nothing where it is of now. */
export function ageOf(view: ChartView, { away, error, seenSince }: Silence): Old | undefined {
  const asOf = lastPoint(view);
  if (asOf === undefined) return undefined;
  if (error) return { asOf, why: `${sentence(error.what)} ${sentence(error.why)}` };
  if (away !== undefined) return { asOf, why: away };
  return view.x.max - Math.max(asOf, seenSince) > SILENT_MS ? { asOf, why: SILENT } : undefined;
}

/** When any line was measured last. */
function lastPoint({ series }: ChartView): number | undefined {
  const lasts = series.flatMap(({ points }) => points.findLast(([, value]) => value !== null)?.[0] ?? []);
  return lasts.length > 0 ? Math.max(...lasts) : undefined;
}
