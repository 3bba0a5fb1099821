import { describe, expect, it } from "vitest";
import type { ConfigRow } from "../ipc/bindings";
import { changes, choicesOf, entriesOf, groupOf, humanValue, locked, valueProblem } from "./settings";

const row = (name: string, rest: Partial<ConfigRow> = {}): ConfigRow => ({
  name,
  value: "604800000",
  source: "default",
  default: true,
  sensitive: false,
  readOnly: false,
  type: "long",
  ...rest,
});

describe("settings of a topic", () => {
  it.each([
    ["retention.ms", "604800000", "7 d"],
    ["retention.ms", "-1", "no limit"],
    ["local.retention.ms", "-2", "as the topic"],
    ["flush.messages", "9223372036854775807", "no limit"],
    ["preallocate", "false", "no"],
    ["min.insync.replicas", "2", "2"],
  ])("%s %s reads %s", (name, value, words) => expect(humanValue(name, value)).toBe(words));
  it.each([
    ["retention.ms", "Retention"],
    ["min.cleanable.dirty.ratio", "Compaction"],
    ["segment.bytes", "Segments"],
    ["compression.type", "Messages"],
    ["min.insync.replicas", "Replication"],
    ["remote.storage.enable", "Other"],
  ])("%s belongs to %s", (name, group) => expect(groupOf(name)).toBe(group));
  it("a draft is a change only where it says something new", () => {
    const own = row("retention.ms", { source: "topic", value: "1000" });
    expect(changes(own, "1000")).toBe(false);
    expect(changes(own, " 1000 ")).toBe(false);
    expect(changes(own, "2000")).toBe(true);
    expect(changes(own, null)).toBe(true);
    // To set what is inherited is a change: it no longer follows the cluster.
    expect(changes(row("retention.ms"), "604800000")).toBe(true);
    expect(changes(row("retention.ms"), null)).toBe(false);
    expect(changes(row("retention.ms"), undefined)).toBe(false);
  });
  it("the request sets and hands back, and leaves the rest alone", () => {
    const rows = [row("a"), row("b", { source: "topic", value: "1" }), row("c")];
    expect(entriesOf(rows, { a: " 5 ", b: null, c: undefined })).toEqual([
      { name: "a", value: "5" },
      { name: "b" },
    ]);
  });
  it("says what is wrong before the cluster does", () => {
    expect(valueProblem(row("retention.ms"), "seven")).toBe("A whole number");
    expect(valueProblem(row("retention.ms"), "")).toMatch(/hand it back/);
    expect(valueProblem(row("min.cleanable.dirty.ratio", { type: "double" }), "0.5")).toBeUndefined();
    expect(locked(row("x", { readOnly: true }))).toMatch(/does not let/);
    expect(choicesOf(row("preallocate", { type: "boolean" }))).toEqual(["true", "false"]);
  });
});
