import { describe, expect, it } from "vitest";
import { besides, readPlace } from "./pickedRecord";

describe("a record's place", () => {
  it.each([
    ["3-120", { partition: 3, offset: "120" }],
    ["0-9223372036854775807", { partition: 0, offset: "9223372036854775807" }],
    ["3", undefined],
    ["3--1", undefined],
    ["<b>-1", undefined],
    [undefined, undefined],
  ])("%s", (text, expected) => expect(readPlace(text)).toEqual(expected));
  it("steps by offsets of any size, and not before the first", () => {
    const far = readPlace("1-9007199254740993");
    expect(far && besides(far, 1)).toEqual({ partition: 1, offset: "9007199254740994" });
    const first = readPlace("1-0");
    expect(first && besides(first, -1)).toBeUndefined();
  });
});
