import { describe, expect, it } from "vitest";
import type { ChartView } from "../ipc/bindings";
import { fromFirst, lengthToAsk, measuredPart } from "./chartRange";

const NOW = 10_000_000;
const MINUTE = 60_000;

/** A chart of fifteen minutes with points since then. */
function since(first: number | undefined, rangeMs = 15 * MINUTE): ChartView {
  const points: [number, number][] =
    first === undefined
      ? []
      : [
          [first, 1],
          [NOW, 2],
        ];
  const min = NOW - rangeMs;
  return {
    svg: "",
    x: { min, max: NOW, ticks: [0, 1, 2, 3].map((at) => min + (at * rangeMs) / 3) },
    y: { min: 0, max: 2, ticks: [0, 2], unit: "records/s" },
    series: [{ name: "produced", points, latest: 2 }],
    collectingSince: first ?? NOW,
    gaps: [],
  };
}

describe("a chart of little time", () => {
  it.each([
    ["nothing measured", undefined, undefined],
    ["ten seconds: a minute is shown", NOW - 10_000, NOW - MINUTE],
    ["five minutes", NOW - 5 * MINUTE, NOW - 5 * MINUTE - 3000],
    ["the whole range", NOW - 15 * MINUTE, undefined],
  ])("begins where measuring did: %s", (_, first, from) =>
    expect(measuredPart(since(first))?.from).toBe(from),
  );
  it("is cut together with its drawing", () => {
    const { view, viewBox } = fromFirst(since(NOW - 10_000), "0 0 1500 100");
    expect([view.x.min, view.x.max, viewBox]).toEqual([NOW - MINUTE, NOW, "1400 0 100 100"]);
  });
  it("leaves a full one alone", () => {
    const view = since(NOW - 15 * MINUTE);
    expect(fromFirst(view, "0 0 1500 100")).toEqual({ view, viewBox: "0 0 1500 100" });
  });
  it.each([
    ["nothing measured", undefined, 15 * MINUTE],
    ["ten seconds", NOW - 10_000, MINUTE],
    ["nearly a minute", NOW - 57_000, 2 * MINUTE],
    ["twelve minutes", NOW - 12 * MINUTE, 15 * MINUTE],
  ])("is asked for as long as needed: %s", (_, first, length) =>
    expect(lengthToAsk(since(first), 15 * MINUTE)).toBe(length),
  );
});
