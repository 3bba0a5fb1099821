// How many lines of a plan there are of each kind, in words.
import type { Outcome, PlannedChange } from "../ipc/bindings";
import { counted, exactNumber } from "../lib/numbers";

/** What the plan passed over is no failure; what was not begun is. */
export function unfinished(outcome: Outcome): boolean {
  return outcome.state === "failed" || outcome.error !== undefined;
}

/** "100 changes, 1 left out". */
export function beforeWords(changes: readonly PlannedChange[]): string {
  const leftOut = changes.filter((change) => change.leftOut).length;
  const taken = counted(changes.length - leftOut, "change");
  return leftOut === 0 ? taken : `${taken}, ${exactNumber(leftOut)} left out`;
}

/** "24 of 100 gone through, 76 waiting". */
export function applyingWords(done: number, total: number): string {
  return `${exactNumber(done)} of ${exactNumber(total)} gone through, ${exactNumber(total - done)} waiting`;
}

/** "97 of 100 done, 2 failed, 1 left out"; what there is none of is not said. */
export function appliedWords(outcomes: readonly Outcome[]): string {
  const of = (state: Outcome["state"], begun = true) =>
    outcomes.filter((one) => one.state === state && (begun || one.error !== undefined)).length;
  const notBegun = of("skipped", false);
  const parts: [number, string][] = [
    [of("failed"), "failed"],
    [notBegun, "not begun"],
    [of("skipped") - notBegun, "left out"],
  ];
  return [
    `${exactNumber(of("done"))} of ${exactNumber(outcomes.length)} done`,
    ...parts.filter(([count]) => count > 0).map(([count, word]) => `${exactNumber(count)} ${word}`),
  ].join(", ");
}
