import type { ChartRequest, ChartView } from "../../ipc/bindings";
import { NOW, type Scenario } from "./scenario";

const POINTS = 90;

export function chart(which: Scenario, request: ChartRequest): ChartView {
  const [min, max] = [NOW - request.rangeMs, NOW];
  const produced = request.series === "produceRate";
  const top = produced ? 30 : 1500;
  const names = which === "empty" ? [] : produced ? ["produced"] : ["analytics", "fulfilment"];
  const series = names.map((name, at) => ({
    name,
    points: Array.from({ length: POINTS }, (_, i): [number, number] => [
      min + ((max - min) * i) / (POINTS - 1),
      shape(produced, at, i),
    ]),
    latest: shape(produced, at, POINTS - 1),
  }));
  const marks = series.map(({ points }, at) => {
    const path = points
      .map(([x, y]) => `${(1000 * (x - min)) / (max - min)},${1000 - (1000 * y) / top}`)
      .join(" ");
    const colour = `#00000${at + 1}`;
    const fill =
      at === 0
        ? `<polygon opacity="0.1" fill="${colour}" stroke="none" points="0,1000 ${path} 1000,1000"/>`
        : "";
    return `${fill}<polyline fill="none" opacity="1" stroke="${colour}" stroke-width="15" points="${path}"/>`;
  });
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
    gaps: which === "hostile" ? [{ from: min + 200_000, to: min + 320_000 }] : [],
  };
}

function shape(produced: boolean, at: number, i: number): number {
  if (produced) return i < 3 ? i * 7 : 20 + Math.sin(i / 6) * 1.5 + Math.sin(i * 2.3) * 0.6;
  return at === 0 ? Math.round(i * 14.4) : Math.round(6 + Math.sin(i) * 5);
}
