// A part of a chart's time, and its numbers as rows.
import type { ChartView } from "../ipc/bindings";
import { csv } from "./csv";

export interface TimeRange {
  from: number;
  to: number;
}

const TICKS = 4;

/** Returns the range if some of it is still shown. */
export function within(view: ChartView, range: TimeRange | undefined): TimeRange | undefined {
  if (!range) return undefined;
  const shown = { from: Math.max(range.from, view.x.min), to: Math.min(range.to, view.x.max) };
  return shown.to > shown.from ? shown : undefined;
}

/** Returns the view of that part of time; the values keep their scale. */
export function cropped(view: ChartView, { from, to }: TimeRange): ChartView {
  const step = (to - from) / (TICKS - 1);
  return {
    ...view,
    x: { min: from, max: to, ticks: Array.from({ length: TICKS }, (_, at) => from + at * step) },
    series: view.series.map((series) => ({
      ...series,
      points: series.points.filter(([at]) => at >= from && at <= to),
    })),
    gaps: view.gaps
      .map((gap) => ({ from: Math.max(gap.from, from), to: Math.min(gap.to, to) }))
      .filter((gap) => gap.to > gap.from),
  };
}

/** A chart is never shorter than this, and begins this long before what was measured first. */
const SHORTEST_MS = 60_000;
const BEFORE_FIRST_MS = 3_000;
/** Lengths that are asked for; between them the plotter's own drawing is cut. */
const LENGTHS_MS = [60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 10_800_000];

/** When the first point that is there was measured. */
export function firstPoint(view: ChartView): number | undefined {
  const firsts = view.series.flatMap(({ points }) => (points[0] ? [points[0][0]] : []));
  return firsts.length > 0 ? Math.min(...firsts) : undefined;
}

/** Returns the part of the time that has something to show, if that is not nearly all of it. */
export function measuredPart(view: ChartView): TimeRange | undefined {
  const first = firstPoint(view);
  if (first === undefined) return undefined;
  const from = Math.min(first - BEFORE_FIRST_MS, view.x.max - SHORTEST_MS);
  return from > view.x.min ? { from, to: view.x.max } : undefined;
}

/** Returns how long a chart to ask for, so that few points are drawn finely: the whole once there is as much. */
export function lengthToAsk(view: ChartView | undefined, rangeMs: number): number {
  const first = view && firstPoint(view);
  if (view === undefined || first === undefined) return rangeMs;
  // A step ahead of the time itself, so that no point is lost before a longer chart is there.
  const needed = view.x.max - first + 2 * BEFORE_FIRST_MS;
  return Math.min(rangeMs, LENGTHS_MS.find((length) => length >= needed) ?? rangeMs);
}

/** Returns the chart without the time before anything was measured, its drawing cut to the same part. */
export function fromFirst(
  view: ChartView,
  viewBox: string | undefined,
): { view: ChartView; viewBox?: string } {
  const part = measuredPart(view);
  if (!part) return { view, viewBox };
  const cut = cropped(view, part);
  const ticks = view.x.ticks.filter((tick) => tick >= part.from);
  return {
    view: ticks.length < TICKS - 1 ? cut : { ...cut, x: { ...cut.x, ticks } },
    viewBox: viewBox && croppedBox(viewBox, { from: view.x.min, to: view.x.max }, part),
  };
}

/** Returns the part of the plotter's canvas that a range of its time takes. */
export function croppedBox(viewBox: string, whole: TimeRange, { from, to }: TimeRange): string {
  const [left = 0, top = 0, width = 0, height = 0] = viewBox.trim().split(/\s+/).map(Number);
  const length = Math.max(1, whole.to - whole.from);
  const x = left + (width * (from - whole.from)) / length;
  return [x, top, (width * (to - from)) / length, height].map((one) => Math.round(one * 100) / 100).join(" ");
}

/** Returns the exact numbers that are drawn: a row for each time, a column for each line. */
export function chartCsv(view: ChartView): string {
  const columns = view.series.map((series) => new Map(series.points));
  const times = [...new Set(columns.flatMap((column) => [...column.keys()]))].sort((a, b) => a - b);
  const head = ["time", ...view.series.map((series) => `${series.name}, ${view.y.unit}`)];
  const rows = times.map((at) => [
    new Date(at).toISOString(),
    ...columns.map((column) => String(column.get(at) ?? "")),
  ]);
  return csv([head, ...rows]);
}
