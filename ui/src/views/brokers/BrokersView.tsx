import { Button } from "../../components/Button";
import { IconCrash, IconPlay, IconStop } from "../../components/icons";
import { Head, Page } from "../../components/layout";
import { usePageActions } from "../../components/pageActions";
import { MissingLine, Waiting } from "../../components/states";
import { BrokerTable, brokerAct } from "../../features/BrokerTable";
import type { ClusterId } from "../../ipc/bindings";
import { useCluster } from "../../ipc/cluster";
import { useFeed } from "../../ipc/feed";
import { ErrorView } from "../../ipc/remedies";

/** Brokers with their share of the work; the local cluster's can be stopped and crashed to see what happens. */
export function BrokersView({ clusterId }: { clusterId: ClusterId }) {
  const cluster = useCluster(clusterId);
  const feed = useFeed("overview", { clusterId });
  const overview = feed.value?.value;
  const brokers = overview?.brokers ?? [];
  const local = cluster?.kind === "local";
  const reason = cluster?.readOnly ? `${cluster.name} is read-only` : undefined;
  const up = brokers.filter((broker) => broker.state === "running").length;
  usePageActions(
    local
      ? brokers.map((broker) =>
          broker.state === "running"
            ? {
                id: `stop${broker.id}`,
                label: `Stop broker ${broker.id}`,
                icon: IconStop,
                disabledReason: reason,
                run: () => brokerAct("local.stop_broker", broker.id),
              }
            : {
                id: `start${broker.id}`,
                label: `Start broker ${broker.id}`,
                icon: IconPlay,
                disabledReason: reason,
                run: () => brokerAct("local.start_broker", broker.id),
              },
        )
      : [],
  );
  return (
    <Page>
      <Head
        title="Brokers"
        facts={
          overview && (
            <>
              <span>
                <b>{up}</b> of {overview.brokersTotal} running
              </span>
              <span>
                <b>{overview.underReplicated}</b> under-replicated
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
      {feed.value && <MissingLine missing={feed.value.missing} />}
      {feed.error && <ErrorView error={feed.error} onRetry={feed.retry} />}
      {!overview && !feed.error && <Waiting words="Reading brokers" />}
      {overview && (
        <>
          <BrokerTable brokers={brokers} local={local} readOnly={cluster?.readOnly ?? false} wide />
          {local && (
            <section className="foot canvas" aria-label="Try a fault">
              <span className="small t2 cut">
                Stop moves leaders first. Crash is like pulling the process away.
              </span>
              <span className="grow" />
              {brokers.map((broker) =>
                broker.state === "running" ? (
                  <span key={broker.id} className="row tight">
                    <Button
                      small
                      icon={IconStop}
                      disabledReason={reason}
                      onClick={() => brokerAct("local.stop_broker", broker.id)}
                    >
                      Stop broker {broker.id}
                    </Button>
                    <Button
                      small
                      kind="quiet"
                      icon={IconCrash}
                      disabledReason={reason}
                      onClick={() => brokerAct("local.crash_broker", broker.id)}
                      name={`Crash broker ${broker.id}`}
                    >
                      Crash
                    </Button>
                  </span>
                ) : (
                  <Button
                    key={broker.id}
                    small
                    icon={IconPlay}
                    disabledReason={reason}
                    onClick={() => brokerAct("local.start_broker", broker.id)}
                  >
                    Start broker {broker.id}
                  </Button>
                ),
              )}
            </section>
          )}
        </>
      )}
    </Page>
  );
}
