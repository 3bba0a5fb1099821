import type { ChartRequest, ChartView } from "../../ipc/bindings";
import { NOW, type Scenario } from "./scenario";

const POINTS = 90;

export function chart(which: Scenario, request: ChartRequest): ChartView {
  const [min, max] = [NOW - request.rangeMs, NOW];
  const produced = request.series === "produceRate";
  const top = produced ? 30 : 1500;
  const names = which === "empty" ? [] : produced ? ["produced"] : ["analytics", "fulfilment"];
  const gaps = which === "hostile" ? [{ from: min + 200_000, to: min + 320_000 }] : [];
  const inGap = (at: number) => gaps.some((gap) => at > gap.from && at < gap.to);
  const series = names.map((name, line) => ({
    name,
    points: Array.from({ length: POINTS }, (_, i): [number, number | null] => {
      const at = min + ((max - min) * i) / (POINTS - 1);
      return [at, inGap(at) ? null : shape(produced, line, i)];
    }),
    latest: shape(produced, line, POINTS - 1),
  }));
  const across = (at: number) => (1000 * (at - min)) / (max - min);
  const marks = series.flatMap(({ points }, line) =>
    runsOf(points).map((run) => {
      const path = run.map(([at, value]) => `${across(at)},${1000 - (1000 * value) / top}`).join(" ");
      const [from, to] = [run[0]?.[0] ?? min, run.at(-1)?.[0] ?? max].map(across);
      const colour = `#00000${line + 1}`;
      const fill =
        line === 0
          ? `<polygon opacity="0.1" fill="${colour}" stroke="none" points="${from},1000 ${path} ${to},1000"/>`
          : "";
      return `${fill}<polyline fill="none" opacity="1" stroke="${colour}" stroke-width="15" points="${path}"/>`;
    }),
  );
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="1000" viewBox="0 0 1000 1000">${marks.join("")}</svg>`,
    x: { min, max, ticks: [0, 1, 2, 3].map((i) => min + ((max - min) * i) / 3) },
    y: {
      min: 0,
      max: top,
      ticks: produced ? [0, 10, 20, 30] : [0, 750, 1500],
      unit: produced ? "records/s" : "records",
    },
    series,
    collectingSince: min,
    gaps,
  };
}

/** The stretches between the points that have no value. */
function runsOf(points: [number, number | null][]): [number, number][][] {
  const runs: [number, number][][] = [[]];
  for (const [at, value] of points) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push([at, value]);
  }
  return runs.filter((run) => run.length > 0);
}

function shape(produced: boolean, at: number, i: number): number {
  if (produced) return i < 3 ? i * 7 : 20 + Math.sin(i / 6) * 1.5 + Math.sin(i * 2.3) * 0.6;
  return at === 0 ? Math.round(i * 14.4) : Math.round(6 + Math.sin(i) * 5);
}
