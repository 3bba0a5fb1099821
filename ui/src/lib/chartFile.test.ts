// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import type { ChartView } from "../ipc/bindings";
import { chartSvg } from "./chartFile";
import { chartCsv, cropped, croppedBox, within } from "./chartRange";

const view: ChartView = {
  svg: "",
  x: { min: 0, max: 10_000, ticks: [0, 5_000, 10_000] },
  y: { min: 0, max: 100, ticks: [0, 100], unit: "records/s" },
  series: [
    {
      name: "produced",
      points: [
        [0, 1],
        [2_000, 12_345.678],
        [4_000, null],
        [6_000, 3],
        [10_000, 4],
      ],
    },
    {
      name: "<b>consumed</b>, by groups",
      points: [
        [2_000, 7],
        [8_000, 9],
      ],
    },
  ],
  collectingSince: 0,
  gaps: [{ from: 3_000, to: 7_000 }],
};

describe("a part of a chart's time", () => {
  it("has the points and the gap that fall into it, and ticks of its own", () => {
    const part = cropped(view, { from: 2_000, to: 6_500 });
    expect(part.series.map((series) => series.points.map(([at]) => at))).toEqual([
      [2_000, 4_000, 6_000],
      [2_000],
    ]);
    expect(part.gaps).toEqual([{ from: 3_000, to: 6_500 }]);
    expect(part.x).toEqual({ min: 2_000, max: 6_500, ticks: [2_000, 3_500, 5_000, 6_500] });
    expect(part.y).toBe(view.y);
  });

  it("is the same share of the plotter's canvas", () =>
    expect(croppedBox("0 0 4000 1640", { from: 0, to: 10_000 }, { from: 2_500, to: 5_000 })).toBe(
      "1000 0 1000 1640",
    ));

  it("ends when time has moved past it", () => {
    expect(within(view, { from: -5_000, to: 2_000 })).toEqual({ from: 0, to: 2_000 });
    expect(within(view, { from: -5_000, to: -1 })).toBeUndefined();
    expect(within(view, undefined)).toBeUndefined();
  });
});

describe("a chart as a file", () => {
  it("has the exact numbers, a row for each time, nothing for what was not measured", () =>
    expect(chartCsv(view)).toBe(
      [
        'time,"produced, records/s","<b>consumed</b>, by groups, records/s"',
        "1970-01-01T00:00:00.000Z,1,",
        "1970-01-01T00:00:02.000Z,12345.678,7",
        "1970-01-01T00:00:04.000Z,,",
        "1970-01-01T00:00:06.000Z,3,",
        "1970-01-01T00:00:08.000Z,,9",
        "1970-01-01T00:00:10.000Z,4,",
        "",
      ].join("\r\n"),
    ));

  it("is one drawing in the theme's colours; names are text, and a gap breaks the line", () => {
    const paint = {
      ground: "white",
      text: "black",
      soft: "grey",
      grid: "silver",
      gap: "snow",
      series: ["red", "blue"],
    };
    const svg = chartSvg("Records", view, paint, (at) => `t${at / 1000}`);
    const drawn = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
    const lines = [...drawn.querySelectorAll("polyline")];
    expect(lines.map((line) => line.getAttribute("stroke"))).toEqual(["red", "red", "blue"]);
    expect(lines[1]?.getAttribute("points")?.split(" ")).toHaveLength(2);
    const words = [...drawn.querySelectorAll("text")].map((text) => text.textContent);
    expect(words).toEqual([
      "Records",
      "0",
      "100",
      "t0",
      "t5",
      "t10",
      "produced",
      "<b>consumed</b>, by groups",
    ]);
    expect(drawn.querySelector("b")).toBeNull();
  });
});
