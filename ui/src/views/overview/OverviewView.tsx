import { useState } from "react";
import { Button } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { useNow } from "../../components/clock";
import { IconDelete, IconMore, IconPlay, IconStop } from "../../components/icons";
import { Head, Page, Section } from "../../components/layout";
import { MenuButton } from "../../components/Menu";
import { Link } from "../../components/navigation";
import { usePageActions } from "../../components/pageActions";
import { Empty, Waiting } from "../../components/states";
import { BrokerTable } from "../../features/BrokerTable";
import { ConnectPanel } from "../../features/ConnectPanel";
import { type ChartPlace, RangeChoice, rangeOf } from "../../features/chartPlace";
import { LiveChart } from "../../features/LiveChart";
import { ResetDialog } from "../../features/ResetDialog";
import { SampleShop } from "../../features/SampleShop";
import { TryNext } from "../../features/TryNext";
import type { ClusterId, ClusterSummary, Overview } from "../../ipc/bindings";
import { useAct, useCall } from "../../ipc/call";
import { useCluster, writeRefusal } from "../../ipc/cluster";
import { useFeed } from "../../ipc/feed";
import { ErrorView } from "../../ipc/remedies";
import { SeenLines } from "../../ipc/SeenLines";
import { hrefs } from "../../lib/hrefs";
import { counted } from "../../lib/numbers";
import { duration } from "../../lib/time";
import { HealthStrip } from "./HealthStrip";
import { TopTopics } from "./TopTopics";

export interface OverviewViewProps extends ChartPlace {
  clusterId: ClusterId;
}

export function OverviewView({ clusterId, search, onSearch }: OverviewViewProps) {
  const cluster = useCluster(clusterId);
  const stopped = cluster?.state === "stopped";
  const feed = useFeed("overview", stopped ? undefined : { clusterId });
  const start = useAct("local.start");
  const stop = useAct("local.stop");
  const [resetting, setResetting] = useState(false);
  const local = cluster?.kind === "local";
  // What was seen before the local cluster's last start is not its state.
  const stale = local && (feed.value?.asOf ?? 0) < (cluster?.startedAt ?? 0);
  const kept = useCall("local.preview", {}, { enabled: local && stopped, everyMs: 1000 }).value?.existing;
  const overview = stopped || stale ? undefined : feed.value?.value;
  const startLocal = () => start.run({ brokers: cluster?.brokers ?? 3 });
  const stopLocal = () => stop.run({});
  usePageActions(
    local
      ? [
          stopped
            ? { id: "local.start", label: "Start the local cluster", icon: IconPlay, run: startLocal }
            : {
                id: "local.stop",
                label: "Stop the local cluster",
                icon: IconStop,
                harm: true,
                run: stopLocal,
              },
        ]
      : [],
  );
  return (
    <Page old={overview && feed.old !== undefined}>
      <Head
        mono
        title={cluster?.name ?? overview?.clusterName ?? clusterId}
        facts={
          overview ? (
            <Facts overview={overview} local={local} />
          ) : (
            cluster && <span className="mono-data">{cluster.bootstrap}</span>
          )
        }
        actions={
          local && (
            <>
              {stopped ? (
                <Button kind="primary" icon={IconPlay} running={start.running} onClick={startLocal}>
                  Start a local cluster
                </Button>
              ) : (
                <Button icon={IconStop} running={stop.running} onClick={stopLocal}>
                  Stop cluster
                </Button>
              )}
              <MenuButton
                entries={[
                  { label: "Reset cluster…", icon: IconDelete, danger: true, run: () => setResetting(true) },
                ]}
              >
                <button type="button" className="btn ic" aria-label="More for the local cluster">
                  <IconMore className="i" size={16} stroke={1.5} aria-hidden />
                </button>
              </MenuButton>
            </>
          )
        }
      />
      {resetting && <ResetDialog name={cluster?.name ?? "Local"} onClose={() => setResetting(false)} />}
      {start.error && <ErrorView error={start.error} onRetry={startLocal} />}
      {stop.error && <ErrorView error={stop.error} onRetry={stopLocal} />}
      {!stopped && !stale && <SeenLines of={feed} />}
      {!stopped && stale && feed.error && <ErrorView error={feed.error} onRetry={feed.retry} />}
      {stopped && (
        <Empty title={`${cluster.name} is stopped`}>
          {kept === undefined ? "" : kept ? "Its data is kept. " : "It has no data. "}
          Starting it takes less than a second.
        </Empty>
      )}
      {!stopped && !overview && !feed.error && <Waiting words="Reading the cluster" />}
      {overview && (
        <>
          <HealthStrip clusterId={clusterId} overview={overview} state={cluster?.state} />
          <div className="split">
            <div className="pane scroll grow contain">
              <Section title="Brokers" />
              <BrokerTable
                clusterId={clusterId}
                brokers={overview.brokers}
                local={local}
                readOnly={cluster?.readOnly ?? false}
              />
              <Charts clusterId={clusterId} search={search} onSearch={onSearch} />
              <Section title="Topics by rate" note={topicsNote(overview)}>
                <Link href={hrefs.topics(clusterId)} className="link small">
                  Open all topics
                </Link>
              </Section>
              <TopTopics clusterId={clusterId} topics={overview.topTopics} />
            </div>
            <Side clusterId={clusterId} cluster={cluster} overview={overview} local={local} />
          </div>
        </>
      )}
    </Page>
  );
}

function Charts({ clusterId, ...place }: OverviewViewProps) {
  const all = [
    { series: "produceRate", title: "Records per second" },
    { series: "lag", title: "Lag, records" },
  ] as const;
  return (
    <>
      <Section title={`Last ${rangeOf(place.search).label}`} note="from offsets, internal topics left out">
        <RangeChoice {...place} />
      </Section>
      <div className="charts">
        {all.map((one) => (
          <LiveChart key={one.series} clusterId={clusterId} {...one} {...place} />
        ))}
      </div>
    </>
  );
}

function Side({
  clusterId,
  cluster,
  overview,
  local,
}: {
  clusterId: ClusterId;
  cluster: ClusterSummary | undefined;
  overview: Overview;
  local: boolean;
}) {
  const topic = pickTopic(overview);
  // Where nothing may be written, or with care only, no code that writes is held out.
  if (cluster === undefined || cluster.readOnly || cluster.environment === "prod") return null;
  return (
    <div className="pane r connect scroll">
      <ConnectPanel
        clusterId={clusterId}
        bootstrap={overview.bootstrap || cluster?.bootstrap || ""}
        topic={topic}
        local={local}
      />
      {local && <SampleShop refusal={writeRefusal(cluster)} brief />}
      {local && <TryNext clusterId={clusterId} topic={overview.topTopics[0] && topic} />}
    </div>
  );
}

function topicsNote({ topics, internalTopics }: Overview): string {
  return counted(topics, "topic") + (internalTopics > 0 ? `, and ${internalTopics} internal` : "");
}

/** Orders are what one wants to see first; else the busiest topic. */
function pickTopic({ topTopics }: Overview): string {
  return (topTopics.find((row) => row.name === "orders") ?? topTopics[0])?.name ?? "orders";
}

function Facts({ overview, local }: { overview: Overview; local: boolean }) {
  const now = useNow();
  const first = overview.bootstrap.split(",")[0] ?? overview.bootstrap;
  return (
    <>
      {overview.readyMs !== undefined && overview.readyMs !== null && (
        <span>
          <b>{counted(overview.brokersTotal, "broker")}</b> ready in <b>{Math.round(overview.readyMs)} ms</b>
        </span>
      )}
      <span title={overview.bootstrap}>
        <span className="mono-data selectable">{first}</span>
        <CopyButton text={overview.bootstrap} what="Address" />
      </span>
      {overview.kafkaClusterId && !local && (
        <span className="mono-data selectable" title="cluster id">
          {overview.kafkaClusterId}
        </span>
      )}
      {overview.kafka && <span>{overview.kafka}</span>}
      {overview.upSinceMs !== undefined && overview.upSinceMs !== null && (
        <span>up {duration(Math.max(1000, now - overview.upSinceMs))}</span>
      )}
    </>
  );
}
