// One change to several topics.
import type { Change } from "../ipc/bindings";

/** Returns the change of the one topic there is, or one plan's worth of changes. */
export function toEach(topics: readonly string[], change: (name: string) => Change): Change {
  const changes = topics.map(change);
  const [only] = changes;
  return only && changes.length === 1 ? only : { kind: "several", changes };
}
