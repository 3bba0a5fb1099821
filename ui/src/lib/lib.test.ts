import { describe, expect, it } from "vitest";
import { isBase64 } from "./base64";
import { hexRows } from "./hexRows";
import { withSearch } from "./hrefs";
import { jsonIndent, jsonTokens } from "./jsonTokens";
import { axisNumber, bytes, counted, exactDigits, rate, shortNumber } from "./numbers";
import { safeLine, safeRuns, safeWords } from "./safeText";
import { scrollMap, TRACK_PX_MAX, toRowsPx, toScrollTop, visibleRange } from "./scrollMap";
import { parseSearch, stringifySearch } from "./search";
import { age, clockTime, duration, parseTime } from "./time";

describe("JSON's indentation", () => {
  it.each([
    ["{", { columns: 0, depth: undefined }],
    ['    "a": 1', { columns: 4, depth: undefined }],
    [`${" ".repeat(24)}1`, { columns: 24, depth: undefined }],
    [`${" ".repeat(62)}1`, { columns: 24, depth: 31 }],
  ])("leaves room for text at any depth", (line, expected) => expect(jsonIndent(line)).toEqual(expected));
});

describe("numbers", () => {
  it.each([
    [9_999, "9,999"],
    [10_010, "10.0 k"],
    [18_204_621, "18.2 M"],
    [undefined, "—"],
  ])("short %s is %s", (value, words) => expect(shortNumber(value)).toBe(words));
  it("digits beyond a double stay exact", () =>
    expect(exactDigits("9007199254740993")).toBe("9,007,199,254,740,993"));
  it.each([
    [0.25, "0.25"],
    [750, "750"],
    [7500, "7.5 k"],
    [10_000, "10 k"],
  ])("axis %s is %s", (value, words) => expect(axisNumber(value)).toBe(words));
  it("rates keep one decimal", () => expect([rate(20.44), rate(3323.4)]).toEqual(["20.4", "3,323"]));
  it("bytes are decimal", () => expect(bytes(41_400_000_000)).toBe("41.4 GB"));
  it("one record is not records", () =>
    expect([counted(1, "record"), counted(2, "record")]).toEqual(["1 record", "2 records"]));
});

describe("time", () => {
  const at = Date.UTC(2026, 10, 18, 14, 5, 2, 113);
  it("shows milliseconds", () => expect(clockTime(at, "utc")).toBe("14:05:02.113"));
  it.each([
    [84, "84 ms"],
    [18 * 60_000, "18 min"],
    [604_800_000, "7 d"],
    [12_000_000, "3 h 20 min"],
  ])("%s ms is %s", (ms, words) => expect(duration(ms)).toBe(words));
  it("the last second and a half is now", () =>
    expect([age(at, at + 900), age(at, at + 8000)]).toEqual(["now", "8 s ago"]));
  it.each(["2026-11-18 14:05:02.113", "2026-11-18T14:05:02.113Z", String(at)])("reads %s", (text) =>
    expect(parseTime(text, "utc")).toBe(at),
  );
  it("refuses words", () => expect(parseTime("yesterday", "utc")).toBeUndefined());
});

describe("hostile text", () => {
  it("a bidirectional override is named, not obeyed", () =>
    expect(safeRuns("a\u202eb")).toEqual([{ text: "a" }, { text: "U+202E", name: "U+202E" }, { text: "b" }]));
  it("control characters become pictures", () => expect(safeRuns("\u0000")[0]?.text).toBe("␀"));
  it("one line shows its line feeds", () =>
    expect(safeLine("a\nb").map((run) => run.text)).toEqual(["a", "↵", "b"]));
  it.each([
    ["\u202eevil\u202c", "⟨U+202E⟩evil⟨U+202C⟩"],
    ["\u2066a\u2069\u200e\u200f", "⟨U+2066⟩a⟨U+2069⟩⟨U+200E⟩⟨U+200F⟩"],
    ["a\u0007\nb", "a␇↵b"],
    ["Büro مكتب", "Büro مكتب"],
  ])("plain words show what is hidden in %j", (text, words) => expect(safeWords(text)).toBe(words));
  it("words made safe stay as they are", () => expect(safeWords(safeWords("\u202ea"))).toBe("⟨U+202E⟩a"));
  it("plain text is one run", () => expect(safeRuns("مرحبا <b>")).toEqual([{ text: "مرحبا <b>" }]));
});

describe("JSON colours", () => {
  it("keep every digit and every character", () => {
    const line = '  "id": 9007199254740993, "a\\"b": [null, true, -1.50e+3],';
    expect(
      jsonTokens(line)
        .map((token) => token.text)
        .join(""),
    ).toBe(line);
    expect(
      jsonTokens(line)
        .filter((token) => token.kind === "number")
        .map((token) => token.text),
    ).toEqual(["9007199254740993", "-1.50e+3"]);
  });
});

describe("hex", () => {
  it("shows printable bytes beside", () =>
    expect(hexRows("00414243")[0]).toEqual({ offset: "000000", hex: "00 41 42 43", text: "·ABC" }));
  it("base64 is told from text", () => expect([isBase64("aGk="), isBase64("hi!")]).toEqual([true, false]));
});

describe("scroll map", () => {
  it("is one to one below the cap", () => expect(scrollMap(1000, 26, 500).ratio).toBe(1));
  it("reaches the last row of three million at the end of the track", () => {
    const map = scrollMap(3_000_000, 26, 500);
    expect(map.trackPx).toBe(TRACK_PX_MAX);
    expect(toRowsPx(map, map.trackPx - 500)).toBeCloseTo(map.rowsPx - 500, 3);
    expect(toRowsPx(map, toScrollTop(map, 123_456_789))).toBeCloseTo(123_456_789, 3);
  });
  it("touches only the rows in view", () => expect(visibleRange(52, 78, 26, 100, 0)).toEqual([2, 5]));
  it("an empty list has no rows", () => expect(visibleRange(0, 500, 26, 0, 12)).toEqual([0, 0]));
});

describe("addresses", () => {
  it("keep text as text", () =>
    expect(parseSearch(stringifySearch({ q: "007", offset: "9007199254740993" }))).toEqual({
      q: "007",
      offset: "9007199254740993",
    }));
  it("patches search parameters", () =>
    expect(withSearch("/a?x=1&y=2", { x: undefined, z: "3" })).toBe("/a?y=2&z=3"));
});
