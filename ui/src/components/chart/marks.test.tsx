// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { readMarks } from "./marks";

const svg = (inside: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10" viewBox="0 0 10 10">${inside}</svg>`;

describe("marks", () => {
  it("keeps shapes and maps sentinel colours", () => {
    const marks = readMarks(svg('<polyline fill="none" stroke="#000002" points="0,0 1,1"/>'));
    const props = marks?.shapes[0]?.props as { points: string; style: Record<string, string> };
    expect(props.points).toBe("0,0 1,1");
    expect(props.style).toEqual({ fill: "none", stroke: "var(--chart-2)" });
  });
  it.each([
    ["scripts", "<script>alert(1)</script>"],
    ["foreign HTML", '<foreignObject><div xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>'],
    ["images", '<image href="http://example.com/x.png"/>'],
    ["styles", "<style>*{}</style>"],
    ["text", "<text>hello</text>"],
    ["references", '<use href="#a"/>'],
  ])("drops %s", (_, inside) => expect(readMarks(svg(inside))?.shapes).toEqual([]));
  it("drops event handlers, urls and other colours", () => {
    const marks = readMarks(
      svg(
        '<rect x="1" onload="alert(1)" style="fill:red" fill="url(#a)" stroke="#ff0000" width="2" height="2"/>',
      ),
    );
    const props = marks?.shapes[0]?.props as Record<string, unknown>;
    expect(Object.keys(props).sort()).toEqual(["height", "style", "width", "x"]);
    expect(props.style).toEqual({ fill: "none", stroke: "none" });
  });
  it("refuses what is not an SVG", () => expect(readMarks("<html/>")).toBeUndefined());
});
