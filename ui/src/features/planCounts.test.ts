import { describe, expect, it } from "vitest";
import type { AppError, Outcome, PlannedChange } from "../ipc/bindings";
import { appliedWords, applyingWords, beforeWords } from "./planCounts";

const error = { what: "It was not done", why: "The cluster went away." } as AppError;
const outcomes = (count: number, state: Outcome["state"], why?: AppError): Outcome[] =>
  Array.from({ length: count }, (_, at) => ({ resource: `topic ${state}${at}`, state, error: why }));
const lines = (count: number, leftOut: boolean): PlannedChange[] =>
  Array.from({ length: count }, (_, at) => ({ resource: `topic ${at}`, effect: "deleted", leftOut }));

describe("counts of a plan", () => {
  it("before it is applied", () => expect(beforeWords(lines(1200, false))).toBe("1,200 changes"));
  it("with some left out", () =>
    expect(beforeWords([...lines(99, false), ...lines(1, true)])).toBe("99 changes, 1 left out"));
  it("while it is applied", () => expect(applyingWords(24, 100)).toBe("24 of 100 gone through, 76 waiting"));
  it.each([
    ["all done", outcomes(3, "done"), "3 of 3 done"],
    [
      "some failed, some left out",
      [...outcomes(97, "done"), ...outcomes(2, "failed", error), ...outcomes(1, "skipped")],
      "97 of 100 done, 2 failed, 1 left out",
    ],
    [
      "the cluster went away",
      [...outcomes(1, "failed", error), ...outcomes(9, "skipped", error)],
      "0 of 10 done, 1 failed, 9 not begun",
    ],
  ])("after it was applied: %s", (_, all, words) => expect(appliedWords(all)).toBe(words));
});
