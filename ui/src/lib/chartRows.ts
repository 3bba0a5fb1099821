// A chart's samples as rows of a table: a row for each time, the newest first, and one for each gap between them.
import type { ChartView } from "../ipc/bindings";
import type { TimeRange } from "./chartRange";
import { tsv } from "./csv";

export interface Sample {
  at: number;
  value: number;
}

export interface SampleRow {
  /** When its newest sample was measured, and its oldest: they are the same but for lines that were thinned. */
  at: number;
  from: number;
  /** By line; some may have none at that time. */
  samples: (Sample | undefined)[];
}

export interface GapRow {
  gap: TimeRange;
}

export type ChartRow = SampleRow | GapRow;

/** Where there are many points the plotter keeps one of a few for each line, and not of the same time for all. */
const NEAR_MS = 30_000;

export const NOT_MEASURED = "not measured";

export function isGap(row: ChartRow): row is GapRow {
  return "gap" in row;
}

export function rowKey(row: ChartRow): string {
  return isGap(row) ? `gap ${row.gap.from}` : String(row.at);
}

export function chartRows(view: ChartView): ChartRow[] {
  const { min, max } = view.x;
  const samples = sampleRows(view);
  const breaks = view.series
    .flatMap(({ points }, line) => points.flatMap(([at, value]) => (value === null ? [{ at, line }] : [])))
    .sort((a, b) => a.at - b.at);
  const rows: ChartRow[] = [];
  let next = 0;
  let before: SampleRow | undefined;
  for (const row of samples) {
    const broken = new Set<number>();
    for (let one = breaks[next]; one && one.at < row.from; one = breaks[++next]) broken.add(one.line);
    const begins = view.gaps.some((gap) => gap.from <= min && gap.to >= row.from);
    if (before ? broken.size > 0 && !goesOn(before, row, broken) : broken.size > 0 || begins)
      rows.push({ gap: { from: before?.at ?? min, to: row.from } });
    rows.push(row);
    before = row;
  }
  const last = before?.at ?? min;
  if (next < breaks.length || view.gaps.some((gap) => gap.from <= last && gap.to >= max))
    rows.push({ gap: { from: last, to: max } });
  return rows.reverse();
}

/** Returns the rows as text that pastes into a spreadsheet. */
export function rowsText(view: ChartView, rows: readonly ChartRow[]): string {
  const head = ["time", ...view.series.map((series) => `${series.name}, ${view.y.unit}`)];
  return tsv([head, ...rows.map((row) => cellsOf(row, view.series.length))]);
}

export function rowText(row: ChartRow, lines: number): string {
  return tsv([cellsOf(row, lines)]);
}

function cellsOf(row: ChartRow, lines: number): string[] {
  const each = Array.from({ length: lines }, (_, line) => line);
  if (isGap(row)) {
    return [`${iso(row.gap.from)}/${iso(row.gap.to)}`, ...each.map(() => NOT_MEASURED)];
  }
  return [iso(row.at), ...each.map((line) => String(row.samples[line]?.value ?? ""))];
}

const iso = (at: number) => new Date(at).toISOString();

/** Some line was measured on both sides, and not broken between. */
function goesOn(before: SampleRow, after: SampleRow, broken: ReadonlySet<number>): boolean {
  return after.samples.some((sample, line) => sample && before.samples[line] && !broken.has(line));
}

function sampleRows({ series }: ChartView): SampleRow[] {
  const byTime = new Map<number, SampleRow>();
  for (const [line, { points }] of series.entries()) {
    for (const [at, value] of points) {
      if (value === null) continue;
      const row = byTime.get(at) ?? { at, from: at, samples: series.map(() => undefined) };
      row.samples[line] = { at, value };
      byTime.set(at, row);
    }
  }
  const rows: SampleRow[] = [];
  for (const row of [...byTime.values()].sort((a, b) => a.at - b.at)) {
    const last = rows.at(-1);
    const fits =
      last && row.at - last.from <= NEAR_MS && !row.samples.some((one, at) => one && last.samples[at]);
    if (fits)
      Object.assign(last, { at: row.at, samples: last.samples.map((one, at) => one ?? row.samples[at]) });
    else rows.push(row);
  }
  return rows;
}
