import { describe, expect, it } from "vitest";
import type { AppError, ChartView } from "../ipc/bindings";
import type { Search } from "../lib/search";
import { ageOf } from "./chartAge";
import { tableOf } from "./chartPlace";

const NOW = 100_000;
const ERROR: AppError = {
  what: "The chart cannot be drawn",
  why: "no answer",
  remedies: [],
  at: {},
  retriable: true,
};

function until(last: number | undefined): ChartView {
  const points: [number, number | null][] =
    last === undefined
      ? []
      : [
          [last - 2_000, 1],
          [last, 2],
          [last + 1, null],
        ];
  return {
    svg: "",
    x: { min: 0, max: NOW, ticks: [] },
    y: { min: 0, max: 2, ticks: [], unit: "records" },
    series: [{ name: "older", points: [[1_000, 1]] }, ...(points.length > 0 ? [{ name: "a", points }] : [])],
    collectingSince: 0,
    gaps: [],
  };
}

describe("the age of a chart", () => {
  it.each([
    ["measured a moment ago", NOW - 4_000, { seenSince: 0 }, undefined],
    ["not measured for a while", NOW - 20_000, { seenSince: 0 }, NOW - 20_000],
    ["of which nobody could know more yet", NOW - 20_000, { seenSince: NOW - 3_000 }, undefined],
    ["of a cluster that is away", NOW - 4_000, { seenSince: 0, away: "no broker answers" }, NOW - 4_000],
    ["that cannot be asked for any more", NOW - 4_000, { seenSince: 0, error: ERROR }, NOW - 4_000],
  ])("%s", (_, last, how, asOf) => expect(ageOf(until(last), how)?.asOf).toBe(asOf));

  it("says why there is nothing newer", () => {
    expect(ageOf(until(NOW), { seenSince: 0, error: ERROR })?.why).toBe(
      "The chart cannot be drawn. No answer.",
    );
    expect(ageOf(until(NOW), { seenSince: 0, away: "no broker answers" })?.why).toBe("no broker answers");
  });

  it("is none where there is nothing to be old", () => {
    const empty = { ...until(undefined), series: [] };
    expect(ageOf(empty, { seenSince: 0, away: "no broker answers" })).toBeUndefined();
  });
});

it("the address names the charts whose table is out", () => {
  const patches: Record<string, string | undefined>[] = [];
  const place = (table?: string) => ({
    search: (table === undefined ? {} : { table }) as Search,
    onSearch: (patch: Record<string, string | undefined>) => void patches.push(patch),
  });
  expect(tableOf(place(), "lag").shown).toBe(false);
  expect(tableOf(place("produceRate,lag"), "lag").shown).toBe(true);
  tableOf(place("produceRate"), "lag").onShown(true);
  tableOf(place("produceRate,lag"), "produceRate").onShown(false);
  tableOf(place("lag"), "lag").onShown(false);
  expect(patches).toEqual([{ table: "produceRate,lag" }, { table: "lag" }, { table: "" }]);
});
