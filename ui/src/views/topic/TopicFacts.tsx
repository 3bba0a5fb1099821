import { BytesCell, CellView, cellValue, RateCell } from "../../components/cells";
import type { Cell, TopicRow } from "../../ipc/bindings";
import { PENDING } from "../../lib/brand";
import { exactNumber, shortNumber } from "../../lib/numbers";
import { duration } from "../../lib/time";

export interface TopicFactsProps {
  /** What the list of topics says of it. */
  row: TopicRow | undefined;
  /** How many it has; none for a topic that is not there, 0 where that is not known yet. */
  partitions: number | undefined;
}

/** What a topic is, in one line; what is not known is left out. */
export function TopicFacts({ row, partitions }: TopicFactsProps) {
  return (
    <>
      {partitions !== undefined && (
        <span>
          <b>{partitions ? exactNumber(partitions) : PENDING}</b>{" "}
          {partitions === 1 ? "partition" : "partitions"}
        </span>
      )}
      {row && (
        <span>
          RF <b>{row.replicationFactor}</b>
        </span>
      )}
      {row && isKnown(row.cleanup) && (
        <span>
          <CellView cell={row.cleanup}>
            {(cleanup) => (
              <>
                {cleanup}
                {cleanup.includes("delete") && <After ms={cellValue(row.retentionMs)} />}
              </>
            )}
          </CellView>
        </span>
      )}
      {row && isKnown(row.records) && (
        <span>
          <b>
            <CellView
              cell={row.records}
              exact={(records) => `${exactNumber(records)} offsets between the first and the last record`}
            >
              {shortNumber}
            </CellView>
          </b>{" "}
          {cellValue(row.records) === 1 ? "record" : "records"}
        </span>
      )}
      {row && isKnown(row.logBytes) && (
        <span title="on all brokers, replicas included">
          <b>
            <BytesCell cell={row.logBytes} />
          </b>
        </span>
      )}
      {row && isKnown(row.ratePerSec) && (
        <span>
          <span>
            <b>
              <RateCell cell={row.ratePerSec} />
            </b>
            /s
          </span>
        </span>
      )}
    </>
  );
}

function After({ ms }: { ms: number | undefined }) {
  if (ms === undefined || ms < 0) return null;
  return (
    <>
      {" "}
      after <b>{duration(ms)}</b>
    </>
  );
}

function isKnown(cell: Cell<unknown>): boolean {
  return cell.state === "value";
}
