import { Button } from "../../components/Button";
import { CellView, known } from "../../components/cells";
import { IconAdd } from "../../components/icons";
import { Head } from "../../components/layout";
import type { Cell, TopicRow } from "../../ipc/bindings";
import { exactNumber, rate } from "../../lib/numbers";

export interface TopicsHeadProps {
  topics: readonly TopicRow[] | undefined;
  refusal: string | undefined;
  onCreate: () => void;
}

/** What the topics are together; Kafka's own are counted apart. */
export function TopicsHead({ topics, refusal, onCreate }: TopicsHeadProps) {
  const own = (topics ?? []).filter((topic) => !topic.internal);
  const partitions = own.reduce((sum, topic) => sum + topic.partitions, 0);
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
              <b>{exactNumber(partitions)}</b> {partitions === 1 ? "partition" : "partitions"}
            </span>
            <span>
              <span>
                <b>
                  <CellView cell={rateOf(own)}>{rate}</CellView>
                </b>
                /s in
              </span>
            </span>
            {internal > 0 && <span>{exactNumber(internal)} internal left out</span>}
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

/** Together as far as it is known; nothing known is not 0. */
function rateOf(topics: readonly TopicRow[]): Cell<number> {
  const rates = topics.map((topic) => topic.ratePerSec);
  const values = rates.flatMap((cell) => (cell.state === "value" ? [cell.value] : []));
  const [first] = rates;
  if (values.length === 0 && first) return first;
  return known(
    values.reduce((sum, one) => sum + one, 0),
    rates,
  );
}
