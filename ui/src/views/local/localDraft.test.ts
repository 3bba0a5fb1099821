import { describe, expect, it } from "vitest";
import type { LocalSetting } from "../../ipc/bindings";
import {
  changedSettings,
  diskBytes,
  draftProblem,
  gigabytes,
  type LocalDraft,
  overridesOf,
} from "./localDraft";

const settings: LocalSetting[] = [
  { name: "log.retention.ms", doc: "", default: "604800000", set: "1000" },
  { name: "num.partitions", doc: "", default: "1" },
  { name: "log.segment.bytes", doc: "", default: "1", set: "5" },
];
const draft = (rest: Partial<LocalDraft>): LocalDraft => ({
  brokers: "",
  basePort: "",
  diskMax: "",
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
  it("says before a start what cannot be", () => {
    const problem = (rest: Partial<LocalDraft>) => draftProblem(draft(rest), 3);
    expect(problem({})).toBeUndefined();
    expect(problem({ basePort: "65533" })).toBeUndefined();
    for (const basePort of ["65534", "99999", "0", "a", "-1"])
      expect(problem({ basePort })).toBe("The first port is a number from 1 to 65533");
    expect(problem({ diskMax: "2.5" })).toBeUndefined();
    expect(problem({ diskMax: "much" })).toContain("GB");
  });
  it("counts the disk in GB", () => {
    expect([diskBytes("10"), diskBytes("0,5"), diskBytes("0"), diskBytes("x")]).toEqual([
      10e9,
      5e8,
      0,
      undefined,
    ]);
    expect(gigabytes(500_000_000)).toBe("0.5");
  });
});
