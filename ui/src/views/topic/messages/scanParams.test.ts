import { describe, expect, it } from "vitest";
import { readParams, readPartitions } from "./scanParams";

describe("what to read", () => {
  it("is the newest 500 with a live tail when nothing is said", () =>
    expect(readParams({})).toEqual({ from: { kind: "newest", n: 500 }, limit: 500, live: true }));
  it("keeps an offset's digits", () =>
    expect(readParams({ from: "offset", offset: "9007199254740993", live: "0" }).from).toEqual({
      kind: "offset",
      offset: "9007199254740993",
    }));
  it.each([
    ["0, 3-5", [0, 3, 4, 5]],
    ["all", undefined],
    ["x", undefined],
    ["2,2,1", [1, 2]],
  ])("partitions %s", (text, expected) => expect(readPartitions(text)).toEqual(expected));
});
