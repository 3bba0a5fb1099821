// One change to several topics.
import type { Change } from "../ipc/bindings";

/** Topics of one plan; the program refuses more. */
export const PLAN_TOPICS_MAX = 500;

/** Returns the change of the one topic there is, or one plan's worth of changes. */
export function toEach(topics: readonly string[], change: (name: string) => Change): Change {
  const changes = topics.map(change);
  const [only] = changes;
  return only && changes.length === 1 ? only : { kind: "several", changes };
}
