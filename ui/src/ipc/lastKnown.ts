// The last good answer about each thing that was looked at. It outlives the views that showed it: whoever comes
// back to a cluster that hangs sees what was known, and as of when.
import { type Old, sentence } from "../lib/old";
import type { AppError, ClusterSummary } from "./bindings";
import { isSeen, type KeptSeen, mergeSeen } from "./mergeSeen";

const KNOWN_MAX = 64;
export const NOT_YET = "The newer answer has not come yet.";

const known = new Map<string, KeptSeen<unknown>>();

export function knownKey(name: string, request: unknown): string {
  return `${name} ${JSON.stringify(request)}`;
}

/** Returns an answer with what it lacks taken from the one before it, and remembers that. */
export function keep<T>(name: string, request: unknown, next: T): T {
  if (!isSeen(next)) return next;
  const key = knownKey(name, request);
  const merged = mergeSeen(name, known.get(key), next);
  known.delete(key);
  known.set(key, merged);
  for (const oldest of known.keys()) {
    if (known.size <= KNOWN_MAX) break;
    known.delete(oldest);
  }
  return merged as T;
}

export function lastKnown(name: string, request: unknown): unknown {
  return known.get(knownKey(name, request));
}

/** For data that is not the same any more, such as a cluster's that was reset. */
export function forgetKnown(): void {
  known.clear();
}

/** Returns the mark of an answer that is not new as a whole: the cluster is away, or asking again failed. */
export function oldAnswer(answer: unknown, error: AppError | undefined): Old | undefined {
  if (!isSeen(answer)) return undefined;
  if (error) return { asOf: answer.asOf, why: `${sentence(error.what)} ${sentence(error.why)}` };
  return answer.old;
}

/** The same where the cluster is known to be away, however new the answer was when it came. */
export function olderFor(
  away: ClusterSummary | undefined,
  answer: unknown,
  old: Old | undefined,
): Old | undefined {
  if (!away || !isSeen(answer) || (old && old.why !== NOT_YET)) return old;
  return { asOf: answer.asOf, why: away.problem ?? `${away.name} is ${away.state}` };
}
