import { Button } from "../../components/Button";
import { cellValue } from "../../components/cells";
import { IconAdd } from "../../components/icons";
import { Head } from "../../components/layout";
import type { TopicRow } from "../../ipc/bindings";
import { exactNumber, rate } from "../../lib/numbers";

export interface TopicsHeadProps {
  topics: readonly TopicRow[] | undefined;
  refusal: string | undefined;
  onCreate: () => void;
}

/** What the topics are together; Kafka's own are counted apart. */
export function TopicsHead({ topics, refusal, onCreate }: TopicsHeadProps) {
  const own = (topics ?? []).filter((topic) => !topic.internal);
  const internal = (topics ?? []).length - own.length;
  return (
    <Head
      title="Topics"
      facts={
        topics && (
          <>
            <span>
              <b>{exactNumber(own.length)}</b> {own.length === 1 ? "topic" : "topics"}
            </span>
            <span>
              <b>{exactNumber(own.reduce((sum, topic) => sum + topic.partitions, 0))}</b> partitions
            </span>
            <span>
              <span>
                <b>{rate(own.reduce((sum, topic) => sum + (cellValue(topic.ratePerSec) ?? 0), 0))}</b>/s in
              </span>
            </span>
            {internal > 0 && <span>{internal} internal left out</span>}
            {refusal && <span>{refusal}</span>}
          </>
        )
      }
      actions={
        <Button kind="primary" icon={IconAdd} disabledReason={refusal} onClick={onCreate}>
          Create topic
        </Button>
      }
    />
  );
}
