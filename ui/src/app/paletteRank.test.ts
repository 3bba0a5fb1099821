import { describe, expect, it } from "vitest";
import { paletteRank } from "./paletteRank";

const ALL = [
  { label: "Save as PNG: Records per second", named: false },
  { label: "Order rows by time", named: false },
  { label: "reorders", named: true },
  { label: "Narrow or widen the rail", named: false },
  { label: "orders", named: true },
  { label: "Go to topics", named: true },
  { label: "Save as PNG: Orders", named: false },
];

function ranked(text: string): string[] {
  return ALL.flatMap((one) => {
    const rank = paletteRank(one, text);
    return rank === undefined ? [] : [{ label: one.label, rank }];
  })
    .sort((left, right) => left.rank - right.rank)
    .map(({ label }) => label);
}

describe("palette rank", () => {
  it("puts a name that begins with the text first and pictures last of their kind", () => {
    expect(ranked("ord")).toEqual([
      "orders",
      "Order rows by time",
      "Save as PNG: Orders",
      "reorders",
      "Save as PNG: Records per second",
    ]);
  });
  it("knows a place by its own name", () => {
    expect(ranked("top")).toEqual(["Go to topics"]);
    expect(paletteRank({ label: "Go to topics", named: true }, "top")).toBe(0);
  });
  it("keeps the order while nothing is typed", () => {
    expect(ranked("")).toEqual(ALL.map(({ label }) => label));
  });
});
