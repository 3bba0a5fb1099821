import { describe, expect, it } from "vitest";
import { markState, toggled } from "./useMarks";

describe("marks", () => {
  it("tell none, some and all of what a row stands for", () => {
    const keys = new Set(["a", "b"]);
    expect(markState(keys, ["c"])).toBe("none");
    expect(markState(keys, ["a", "c"])).toBe("some");
    expect(markState(keys, ["c", "a"])).toBe("some");
    expect(markState(keys, ["b", "a"])).toBe("all");
    expect(markState(keys, [])).toBe("none");
  });

  it("are set for all where some are missing, and taken away where none is", () => {
    const some = new Set(["a", "x"]);
    const all = toggled(some, ["a", "b"]);
    expect([...all].sort()).toEqual(["a", "b", "x"]);
    expect([...toggled(all, ["a", "b"])]).toEqual(["x"]);
    expect([...some].sort()).toEqual(["a", "x"]);
  });
});
