import { Button } from "../../components/Button";
import { IconPlay } from "../../components/icons";
import { Head, Page } from "../../components/layout";
import { Empty, Waiting } from "../../components/states";
import { BrokerTable } from "../../features/BrokerTable";
import { FaultMeanings } from "../../features/brokerFaults";
import type { ClusterId } from "../../ipc/bindings";
import { useAct } from "../../ipc/call";
import { useCluster } from "../../ipc/cluster";
import { useFeed } from "../../ipc/feed";
import { ErrorView } from "../../ipc/remedies";
import { SeenLines } from "../../ipc/SeenLines";
import { UNKNOWN } from "../../lib/brand";

/** Brokers with their share of the work; the local cluster's can be stopped and crashed to see what happens. */
export function BrokersView({ clusterId }: { clusterId: ClusterId }) {
  const cluster = useCluster(clusterId);
  const stopped = cluster?.state === "stopped";
  const feed = useFeed("overview", stopped ? undefined : { clusterId });
  const start = useAct("local.start");
  const overview = stopped ? undefined : feed.value?.value;
  const brokers = overview?.brokers ?? [];
  const local = cluster?.kind === "local";
  const up = brokers.filter((broker) => broker.state === "running").length;
  return (
    <Page old={feed.old !== undefined}>
      <Head
        title="Brokers"
        facts={
          overview && (
            <>
              <span>
                <b>{feed.old && !local ? UNKNOWN : up}</b> of {overview.brokersTotal} running
              </span>
              <span>
                <b>{overview.underReplicated}</b> under-replicated
                {overview.underReplicatedInternal > 0 && `, ${overview.underReplicatedInternal} internal`}
                {overview.underReplicated > 0 &&
                  overview.belowMinIsr === 0 &&
                  overview.offline === 0 &&
                  ", still writable"}
              </span>
              {overview.offline > 0 && <span className="bad">{overview.offline} offline</span>}
            </>
          )
        }
      />
      <div className="line" />
      {!stopped && <SeenLines of={feed} />}
      {start.error && <ErrorView error={start.error} onRetry={() => start.run({})} />}
      {stopped && (
        <Empty
          title={`${cluster.name} is stopped`}
          action={
            <Button icon={IconPlay} running={start.running} onClick={() => start.run({})}>
              Start cluster
            </Button>
          }
        >
          Its brokers run when it does.
        </Empty>
      )}
      {!stopped && !overview && !feed.error && <Waiting words="Reading brokers" />}
      {overview && (
        <>
          <BrokerTable
            clusterId={clusterId}
            brokers={brokers}
            local={local}
            readOnly={cluster?.readOnly ?? false}
            wide
            words
          />
          {local && (
            <section className="foot canvas" aria-label="Try a fault">
              <FaultMeanings />
            </section>
          )}
        </>
      )}
    </Page>
  );
}
