import { describe, expect, it } from "vitest";
import { arrivals } from "./arrivals";
import type { RowWindow } from "./rowSource";

const IN_VIEW = 4;

function rows(text: string, first = 0): RowWindow<string> {
  const all = text === "" ? [] : text.split(" ");
  return { rows: all, first, count: all.length, revision: 0 };
}

/** The new rows that are marked, or "stream". */
function news(before: RowWindow<string>, next: RowWindow<string>): string {
  const found = arrivals(before, next, (row) => row, IN_VIEW);
  return found.streaming ? "stream" : [...found.fresh].join(" ");
}

describe("arrivals", () => {
  it("are the rows that were not there before", () => {
    expect(news(rows("b c d e"), rows("a b c d e"))).toBe("a");
    expect(news(rows("b c d e"), rows("b c d e"))).toBe("");
  });

  it("count only where they are seen", () => {
    expect(news(rows("a b c d"), rows("a b c d w x y z"))).toBe("");
  });

  it("are a stream when most of the rows in view are new", () => {
    expect(news(rows("c d e f"), rows("a b c d"))).toBe("a b");
    expect(news(rows("d e f g"), rows("a b c d"))).toBe("stream");
    expect(news(rows("a b c d"), rows("e f g h"))).toBe("stream");
  });

  it("are none at the first fill, and none away from the top", () => {
    expect(news(rows(""), rows("a b c d"))).toBe("");
    expect(news(rows("a b c d", 9), rows("e f g h", 9))).toBe("");
  });
});
