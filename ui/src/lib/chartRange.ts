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
