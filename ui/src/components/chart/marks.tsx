// The plotter's SVG enters here and nowhere else: parsed, then rebuilt from an allow-list, so nothing
// but shapes can get through. Sentinel colours become the theme's.
import { createElement, type ReactElement } from "react";

const ELEMENTS = new Set(["g", "path", "polyline", "polygon", "rect", "line", "circle", "ellipse"]);
const GEOMETRY = new Set([
  "d",
  "points",
  "x",
  "y",
  "x1",
  "y1",
  "x2",
  "y2",
  "width",
  "height",
  "cx",
  "cy",
  "r",
  "rx",
  "ry",
]);
const PAINT: Record<string, string> = { fill: "fill", stroke: "stroke" };
const NUMBERS: Record<string, string> = {
  opacity: "opacity",
  "fill-opacity": "fillOpacity",
  "stroke-opacity": "strokeOpacity",
};
const SERIES_MAX = 6;

export interface Marks {
  viewBox: string;
  shapes: ReactElement[];
}

/** Returns the allowed shapes of an SVG text, or nothing when it is not one. */
export function readMarks(svg: string): Marks | undefined {
  const root = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  if (root.nodeName !== "svg") return undefined;
  const viewBox =
    root.getAttribute("viewBox") ?? `0 0 ${root.getAttribute("width")} ${root.getAttribute("height")}`;
  if (!/^[\d.\s-]+$/.test(viewBox)) return undefined;
  return { viewBox, shapes: children(root) };
}

function children(parent: Element): ReactElement[] {
  return [...parent.children].flatMap((child, index) => {
    const name = child.localName;
    if (!ELEMENTS.has(name)) return [];
    return [createElement(name, attributes(child, index), ...children(child))];
  });
}

function attributes(element: Element, key: number): Record<string, unknown> {
  const kept: Record<string, unknown> = { key };
  const style: Record<string, string> = {};
  for (const { name, value } of [...element.attributes]) {
    if (GEOMETRY.has(name) && /^[\w\s.,+-]*$/.test(value)) kept[name] = value;
    const paint = PAINT[name];
    if (paint) style[paint] = colour(value);
    const number = NUMBERS[name];
    if (number && /^[\d.]+$/.test(value)) style[number] = value;
  }
  kept.style = style;
  return kept;
}

/** #000001 is the first series' colour, #000002 the second's; any other colour is dropped. */
function colour(value: string): string {
  const series = /^#0{5}([1-9])$/.exec(value)?.[1];
  return series ? seriesColour(Number(series) - 1) : "none";
}

export function seriesColour(index: number): string {
  return `var(--chart-${(index % SERIES_MAX) + 1})`;
}
