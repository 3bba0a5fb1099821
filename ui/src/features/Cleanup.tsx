import { CellView, cellValue } from "../components/cells";
import type { TopicRow } from "../ipc/bindings";
import { duration } from "../lib/time";

/** "delete 7 d", "compact": what becomes of old records. */
export function Cleanup({ topic }: { topic: TopicRow }) {
  const retention = cellValue(topic.retentionMs);
  return (
    <CellView cell={topic.cleanup}>
      {(policy) => (
        <span className="t2">
          {policy}
          {policy.includes("delete") &&
            retention !== undefined &&
            (retention < 0 ? " never" : ` ${duration(retention)}`)}
        </span>
      )}
    </CellView>
  );
}
