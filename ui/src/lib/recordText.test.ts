import { describe, expect, it } from "vitest";
import { kcatCommand, recordJson } from "./recordText";

const record = {
  topic: "orders",
  partition: 3,
  offset: "9007199254740993",
  timestamp: 1_795_009_740_226,
  key: { kind: "text", text: 'k"1' },
  value: { kind: "text", text: '{"id":9223372036854775807,"rate":0.10}' },
  headers: [
    { name: "a", value: { kind: "null" } },
    { name: "a", value: { kind: "base64", data: "AP8=" } },
  ],
  jsonKey: false,
  jsonValue: true,
} as const;

describe("a record as text", () => {
  it("keeps every digit, repeated headers and bytes", () => {
    const text = recordJson(record);
    expect(text).toContain('"offset": 9007199254740993');
    expect(text).toContain('"value": {"id":9223372036854775807,"rate":0.10}');
    const read = JSON.parse(text);
    expect(read.key).toBe('k"1');
    expect(read.headers).toEqual([
      { name: "a", value: null },
      { name: "a", value: { base64: "AP8=" } },
    ]);
  });
  it("makes text that only looks like JSON a string", () =>
    expect(JSON.parse(recordJson({ ...record, jsonValue: false })).value).toBe(record.value.text));
  it("says null for no time and no payload", () => {
    const read = JSON.parse(recordJson({ ...record, timestamp: undefined, value: { kind: "null" } }));
    expect([read.timestamp, read.value]).toEqual([null, null]);
  });
  it("reads one record by kcat, and a strange name stays one word", () => {
    expect(kcatCommand("localhost:9092", "orders", 3, "41")).toMatch(
      /^kcat -C -b localhost:9092 -t orders -p 3 -o 41 -c 1 /,
    );
    expect(kcatCommand("h:1", "a'; rm -rf $HOME", 0, "1")).toContain("-t 'a'\\''; rm -rf $HOME' ");
  });
});
