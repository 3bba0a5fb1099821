// A chart as a file of its own: marks, axes, legend and title in one drawing, in the colours of the theme.
import type { ChartView } from "../ipc/bindings";
import { axisNumber } from "./numbers";

const NS = "http://www.w3.org/2000/svg";
const WIDTH = 960;
const HEIGHT = 360;
const PLOT = { left: 56, top: 48, right: WIDTH - 16, bottom: HEIGHT - 32 };
/** Dots of the picture for each of the drawing. */
const PNG_SCALE = 2;
const SERIES_MAX = 6;
const LEGEND_STEP = 150;

export interface ChartPaint {
  ground: string;
  text: string;
  soft: string;
  grid: string;
  gap: string;
  series: readonly string[];
}

/** Reads the theme's colours where the chart stands. */
export function paintOf(element: Element): ChartPaint {
  const style = getComputedStyle(element);
  const of = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const series = Array.from({ length: SERIES_MAX }, (_, at) => of(`chart-${at + 1}`));
  return {
    ground: of("surface"),
    text: of("text"),
    soft: of("text-2"),
    grid: of("chart-grid"),
    gap: of("sunken"),
    series,
  };
}

type Attributes = Record<string, string | number>;

/** Returns the drawing as SVG text. `time` words a moment on the axis. */
export function chartSvg(
  title: string,
  view: ChartView,
  paint: ChartPaint,
  time: (at: number) => string,
): string {
  const root = document.createElementNS(NS, "svg");
  const add = (name: string, attributes: Attributes, text?: string) => {
    const element = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    if (text !== undefined) element.textContent = text;
    root.append(element);
  };
  const words = (text: string, x: number, y: number, rest: Attributes = {}) =>
    add(
      "text",
      { x, y, fill: paint.soft, "font-family": "Inter, sans-serif", "font-size": 12, ...rest },
      text,
    );
  const across = (at: number) => round(scaled(at, view.x, PLOT.left, PLOT.right));
  const down = (value: number) => round(scaled(value, view.y, PLOT.bottom, PLOT.top));

  root.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  root.setAttribute("width", String(WIDTH));
  root.setAttribute("height", String(HEIGHT));
  add("rect", { width: WIDTH, height: HEIGHT, fill: paint.ground });
  words(title, 16, 24, { fill: paint.text, "font-size": 14, "font-weight": 600 });
  for (const gap of view.gaps) {
    const width = across(gap.to) - across(gap.from);
    add("rect", { x: across(gap.from), y: PLOT.top, width, height: PLOT.bottom - PLOT.top, fill: paint.gap });
  }
  for (const tick of view.y.ticks) {
    add("line", { x1: PLOT.left, x2: PLOT.right, y1: down(tick), y2: down(tick), stroke: paint.grid });
    words(axisNumber(tick), PLOT.left - 8, down(tick) + 4, { "text-anchor": "end" });
  }
  for (const tick of view.x.ticks) words(time(tick), across(tick), HEIGHT - 12, { "text-anchor": "middle" });
  for (const [index, series] of view.series.entries()) {
    const stroke = paint.series[index % SERIES_MAX] ?? paint.text;
    const x = WIDTH - 16 - (view.series.length - index) * LEGEND_STEP;
    add("line", { x1: x, x2: x + 12, y1: 20, y2: 20, stroke, "stroke-width": 2 });
    words(series.name, x + 18, 24);
    for (const run of runs(series.points)) {
      const points = run.map(([at, value]) => `${across(at)},${down(value)}`).join(" ");
      add("polyline", { points, fill: "none", stroke, "stroke-width": 1.5, "stroke-linejoin": "round" });
    }
  }
  return new XMLSerializer().serializeToString(root);
}

/** Returns the drawing as the bytes of a PNG file. */
export async function pngOf(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  const picture = new Image();
  // The page's policy lets pictures in as data, not by an address.
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH * PNG_SCALE;
  canvas.height = HEIGHT * PNG_SCALE;
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("the picture could not be made");
  return new Uint8Array(await blob.arrayBuffer());
}

function scaled(value: number, axis: { min: number; max: number }, from: number, to: number): number {
  return from + ((value - axis.min) / Math.max(Number.EPSILON, axis.max - axis.min)) * (to - from);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The stretches between the places where nothing was measured. */
function runs(points: readonly (readonly [number, number | null])[]): [number, number][][] {
  const all: [number, number][][] = [[]];
  for (const [at, value] of points) {
    if (value === null) all.push([]);
    else all.at(-1)?.push([at, value]);
  }
  return all.filter((run) => run.length > 0);
}
