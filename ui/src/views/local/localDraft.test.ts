import { describe, expect, it } from "vitest";
import type { LocalSetting } from "../../ipc/bindings";
import { changedSettings, type LocalDraft, overridesOf } from "./localDraft";

const settings: LocalSetting[] = [
  { name: "log.retention.ms", doc: "", default: "604800000", set: "1000" },
  { name: "num.partitions", doc: "", default: "1" },
  { name: "log.segment.bytes", doc: "", default: "1", set: "5" },
];
const draft = (rest: Partial<LocalDraft>): LocalDraft => ({
  brokers: "",
  basePort: "",
  values: {},
  text: "",
  show: "here",
  ...rest,
});

describe("settings of the next start", () => {
  it("keeps what was set, changes what was typed, and takes away what was emptied", () => {
    const typed = draft({ values: { "num.partitions": "6", "log.segment.bytes": " " } });
    expect(overridesOf(typed, settings)).toEqual([
      { name: "log.retention.ms", value: "1000" },
      { name: "num.partitions", value: "6" },
    ]);
    expect(changedSettings(typed, settings, "3")).toEqual(["num.partitions", "log.segment.bytes"]);
  });
  it("counts a value typed back as no change", () =>
    expect(
      changedSettings(draft({ values: { "log.retention.ms": "1000" }, brokers: "3" }), settings, "3"),
    ).toEqual([]));
  it("names brokers and ports", () =>
    expect(changedSettings(draft({ brokers: "5", basePort: "19092" }), settings, "3")).toEqual([
      "brokers",
      "first port",
    ]));
});
