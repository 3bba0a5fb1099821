// First steps that tick themselves: each is noted where it happens.
import { prefs } from "../ipc/prefs";

export const STEPS = ["watch", "record", "broker", "produce", "connect"] as const;
export type Step = (typeof STEPS)[number];

/** Notes that a person did this once; later times change nothing. */
export function didTry(step: Step) {
  const { tried } = prefs.get();
  if (!tried.includes(step)) prefs.set({ tried: [...tried, step] });
}
