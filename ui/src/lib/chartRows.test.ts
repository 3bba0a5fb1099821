import { describe, expect, it } from "vitest";
import type { ChartView } from "../ipc/bindings";
import { cropped } from "./chartRange";
import { type ChartRow, chartRows, isGap, rowsText } from "./chartRows";

type Points = [number, number | null][];

function view(lines: Record<string, Points>, gaps: ChartView["gaps"] = []): ChartView {
  return {
    svg: "",
    x: { min: 0, max: 100_000, ticks: [] },
    y: { min: 0, max: 10, ticks: [], unit: "records/s" },
    series: Object.entries(lines).map(([name, points]) => ({ name, points })),
    collectingSince: 0,
    gaps,
  };
}

/** Rows as "time: values", and gaps as "from to". */
function words(rows: readonly ChartRow[]): string[] {
  return rows.map((row) =>
    isGap(row)
      ? `gap ${row.gap.from} ${row.gap.to}`
      : `${row.at}: ${row.samples.map((one) => one?.value ?? "-").join(" ")}`,
  );
}

describe("the rows of a chart", () => {
  it("are its samples by time, the newest first", () => {
    const all = view({
      a: [
        [2_000, 1],
        [4_000, 2],
      ],
      b: [
        [4_000, 7],
        [6_000, 8],
      ],
    });
    expect(words(chartRows(all))).toEqual(["6000: - 8", "4000: 2 7", "2000: 1 -"]);
  });

  it("say where nothing was measured", () => {
    const points: Points = [
      [2_000, 1],
      [2_001, null],
      [40_000, 3],
    ];
    const all = view({ a: points, b: points }, [{ from: 2_000, to: 40_000 }]);
    expect(words(chartRows(all))).toEqual(["40000: 3 3", "gap 2000 40000", "2000: 1 1"]);
  });

  it("know no gap where another line was measured all the time", () => {
    const all = view({
      a: [
        [2_000, 1],
        [2_001, null],
        [6_000, 3],
      ],
      b: [
        [2_000, 5],
        [4_000, 5],
        [6_000, 5],
      ],
    });
    expect(words(chartRows(all))).toEqual(["6000: 3 5", "4000: - 5", "2000: 1 5"]);
  });

  it("are of the chosen part of the time, with the part of a gap that falls into it", () => {
    const all = view(
      {
        a: [
          [2_000, 1],
          [2_001, null],
          [40_000, 3],
          [42_000, 4],
        ],
      },
      [{ from: 2_000, to: 40_000 }],
    );
    expect(words(chartRows(cropped(all, { from: 20_000, to: 41_000 })))).toEqual([
      "40000: 3",
      "gap 20000 40000",
    ]);
    expect(words(chartRows(cropped(all, { from: 1_000, to: 30_000 })))).toEqual([
      "gap 2000 30000",
      "2000: 1",
    ]);
    expect(words(chartRows(cropped(all, { from: 10_000, to: 30_000 })))).toEqual(["gap 10000 30000"]);
  });

  it("are one where lines were thinned to points of nearly the same time", () => {
    const all = view({
      a: [
        [2_000, 1],
        [15_000, 2],
      ],
      b: [
        [5_000, 7],
        [14_000, 8],
      ],
    });
    expect(words(chartRows(all))).toEqual(["15000: 2 8", "5000: 1 7"]);
  });

  it("are none of a chart that has nothing", () => {
    expect(chartRows(view({}))).toEqual([]);
    expect(chartRows(view({ a: [] }))).toEqual([]);
  });

  it("are copied with their units in full, and gaps as such", () => {
    const all = view({
      "=a\tb": [
        [0, 1.23456],
        [1, null],
        [60_000, 3],
      ],
    });
    expect(rowsText(all, chartRows(all))).toBe(
      [
        "time\t'=a b, records/s",
        "1970-01-01T00:01:00.000Z\t3",
        "1970-01-01T00:00:00.000Z/1970-01-01T00:01:00.000Z\tnot measured",
        "1970-01-01T00:00:00.000Z\t1.23456",
      ].join("\n"),
    );
  });
});
