import { describe, expect, it } from "vitest";
import { doneWords } from "./useJobNews";

describe("what is said of a job that is done", () => {
  it.each([
    ["local.snapshot_take", "Snapshot one", "Snapshot one is taken"],
    ["local.snapshot_take", "Snapshot snapshot 2", "snapshot 2 is taken"],
    ["connect.diagnose", "Diagnose localhost:9092", "Diagnose localhost:9092: ended"],
    ["plans.apply", "Delete 99 topics", undefined],
  ])("%s: %s", (operation, title, words) => expect(doneWords({ operation, title })).toBe(words));
});
