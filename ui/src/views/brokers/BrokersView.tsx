import { Head, Page } from "../../components/layout";
import { Waiting } from "../../components/states";
import { BrokerTable } from "../../features/BrokerTable";
import { FaultMeanings } from "../../features/brokerFaults";
import type { ClusterId } from "../../ipc/bindings";
import { useCluster } from "../../ipc/cluster";
import { useFeed } from "../../ipc/feed";
import { SeenLines } from "../../ipc/SeenLines";
import { UNKNOWN } from "../../lib/brand";

/** Brokers with their share of the work; the local cluster's can be stopped and crashed to see what happens. */
export function BrokersView({ clusterId }: { clusterId: ClusterId }) {
  const cluster = useCluster(clusterId);
  const feed = useFeed("overview", { clusterId });
  const overview = feed.value?.value;
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
      <SeenLines of={feed} />
      {!overview && !feed.error && <Waiting words="Reading brokers" />}
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
