import { Button } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { useNow } from "../../components/clock";
import { Glyph } from "../../components/Glyph";
import { IconDelete, IconMore, IconPlay, IconStop, IconWarn } from "../../components/icons";
import { Head, Page, Views } from "../../components/layout";
import { MenuButton } from "../../components/Menu";
import { usePageActions } from "../../components/pageActions";
import { Empty, Waiting } from "../../components/states";
import { BrokerTable } from "../../features/BrokerTable";
import { FaultMeanings } from "../../features/brokerFaults";
import { ClusterPicture } from "../../features/ClusterPicture";
import { ResetDialog } from "../../features/ResetDialog";
import { SampleShop } from "../../features/SampleShop";
import { StandingFaults } from "../../features/StandingFaults";
import type { BrokerRow, ClusterId, ClusterSummary, LocalPanel } from "../../ipc/bindings";
import { useAct } from "../../ipc/call";
import { useCluster, writeRefusal } from "../../ipc/cluster";
import { useFeed } from "../../ipc/feed";
import { ErrorView } from "../../ipc/remedies";
import { hrefs } from "../../lib/hrefs";
import { bytes } from "../../lib/numbers";
import type { Search } from "../../lib/search";
import { duration } from "../../lib/time";
import { ConnectPart } from "./ConnectPart";
import { LogPart } from "./LogPart";
import { SettingsPart } from "./SettingsPart";
import { SnapshotsPart } from "./SnapshotsPart";

const PARTS = ["brokers", "connect", "settings", "snapshots", "log"] as const;
type Part = (typeof PARTS)[number];

export interface LocalViewProps {
  clusterId: ClusterId;
  search: Search;
  onSearch: (patch: Record<string, string | undefined>) => void;
}

/** The local cluster's own panel: what runs, where, with which settings, and what it says. */
export function LocalView({ clusterId, search, onSearch }: LocalViewProps) {
  const cluster = useCluster(clusterId);
  const feed = useFeed("local.panel", {});
  const panel = feed.value;
  const start = useAct("local.start");
  const stop = useAct("local.stop");
  const resetting = search.reset !== undefined;
  const setResetting = (open: boolean) => onSearch({ reset: open ? "1" : undefined });
  const part: Part = PARTS.find((one) => one === search.part) ?? "brokers";
  const running = panel?.running ?? false;
  const show = (next: Part) => () => onSearch({ part: next === "brokers" ? undefined : next });
  usePageActions([
    running
      ? {
          id: "local.stop",
          label: "Stop the local cluster",
          icon: IconStop,
          harm: true,
          run: () => stop.run({}),
        }
      : { id: "local.start", label: "Start the local cluster", icon: IconPlay, run: () => start.run({}) },
    {
      id: "local.reset",
      label: "Reset the local cluster",
      icon: IconDelete,
      harm: true,
      run: () => setResetting(true),
    },
    { id: "local.brokers", label: "Show brokers", shortcut: "1", run: show("brokers") },
    { id: "local.connect", label: "Show how to connect", shortcut: "2", run: show("connect") },
    { id: "local.settings", label: "Show settings", shortcut: "3", run: show("settings") },
    { id: "local.snapshots", label: "Show snapshots", shortcut: "4", run: show("snapshots") },
    { id: "local.log", label: "Show the log", shortcut: "5", run: show("log") },
  ]);
  const href = (id: Part) => hrefs.local(clusterId, id === "brokers" ? "" : `?part=${id}`);
  return (
    <Page>
      <Head
        title="Local"
        facts={panel && <Facts panel={panel} />}
        actions={
          panel && (
            <>
              {running ? (
                <Button icon={IconStop} running={stop.running} onClick={() => stop.run({})}>
                  Stop cluster
                </Button>
              ) : (
                <Button kind="primary" icon={IconPlay} running={start.running} onClick={() => start.run({})}>
                  Start cluster
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
      <Views
        name="Views of the local cluster"
        current={part}
        items={[
          {
            id: "brokers",
            label: "Brokers",
            href: href("brokers"),
            note: panel?.brokers.length || undefined,
          },
          { id: "connect", label: "Connect", href: href("connect") },
          {
            id: "settings",
            label: "Settings",
            href: href("settings"),
            note: panel?.overrides.length || undefined,
          },
          {
            id: "snapshots",
            label: "Snapshots",
            href: href("snapshots"),
            note: panel?.snapshots.length || undefined,
          },
          { id: "log", label: "Log", href: href("log") },
        ]}
      />
      {feed.error && <ErrorView error={feed.error} onRetry={feed.retry} />}
      {start.error && <ErrorView error={start.error} onRetry={() => start.run({})} />}
      {stop.error && <ErrorView error={stop.error} onRetry={() => stop.run({})} />}
      {!panel && !feed.error && <Waiting words="Asking the local cluster" />}
      {panel && part === "brokers" && (
        <Brokers clusterId={clusterId} cluster={cluster} panel={panel} onStart={() => start.run({})} />
      )}
      {panel && part === "connect" && <ConnectPart clusterId={clusterId} panel={panel} />}
      {panel && part === "settings" && <SettingsPart panel={panel} />}
      {panel && part === "snapshots" && <SnapshotsPart panel={panel} />}
      {part === "log" && <LogPart search={search} onSearch={onSearch} />}
      {resetting && <ResetDialog name={cluster?.name ?? "Local"} onClose={() => setResetting(false)} />}
    </Page>
  );
}

function Facts({ panel }: { panel: LocalPanel }) {
  const now = useNow();
  const up = panel.brokers.filter((broker) => broker.state === "running").length;
  const scarce = isScarce(panel);
  return (
    <>
      <span>
        {panel.running ? (
          <>
            <b>{up}</b> of {panel.brokers.length} brokers running
          </>
        ) : (
          "Stopped"
        )}
      </span>
      {scarce && <FreeSpace panel={panel} scarce />}
      {panel.bootstrap && (
        <span>
          <span className="mono-data selectable">{panel.bootstrap.split(",")[0]}</span>
          <CopyButton text={panel.bootstrap} what="Address" />
        </span>
      )}
      {panel.since !== undefined && panel.since !== null && (
        <span>up {duration(Math.max(0, now - panel.since))}</span>
      )}
      <span title={panel.dataDir}>
        <b>{bytes(panel.dataBytes)}</b> on disk
        <CopyButton text={panel.dataDir} what="Data folder" />
      </span>
      {!scarce && <FreeSpace panel={panel} />}
    </>
  );
}

/** Below a twentieth of the disk, or a gigabyte, a cluster that takes records soon stops taking them. */
function isScarce({ diskFree: free, diskTotal: total }: LocalPanel): boolean {
  if (free === undefined || free === null) return false;
  return free < 1e9 || (total !== undefined && total !== null && free < total / 20);
}

function FreeSpace({ panel, scarce }: { panel: LocalPanel; scarce?: boolean }) {
  if (panel.diskFree === undefined || panel.diskFree === null) return null;
  return (
    <span
      className={scarce ? "st warn" : ""}
      title={scarce ? "A full disk refuses every record: free some, or set retention.bytes" : undefined}
    >
      {scarce && <Glyph icon={IconWarn} small />}
      <b>{bytes(panel.diskFree)}</b> free on its disk
    </span>
  );
}

/** The panel knows at once how a broker is; the rest comes from asking the cluster, which may wait for it. */
function asThePanelSays(rows: readonly BrokerRow[], panel: LocalPanel): BrokerRow[] {
  return rows.map((row) => {
    const state = panel.brokers.find((broker) => broker.id === row.id)?.state ?? row.state;
    return { ...row, state };
  });
}

function Brokers(props: {
  clusterId: ClusterId;
  cluster: ClusterSummary | undefined;
  panel: LocalPanel;
  onStart: () => void;
}) {
  const { clusterId, cluster, panel } = props;
  const overview = useFeed("overview", panel.running ? { clusterId } : undefined).value;
  if (!panel.running) {
    return (
      <Empty
        title="The local cluster is stopped"
        action={
          <Button icon={IconPlay} onClick={props.onStart}>
            Start cluster
          </Button>
        }
      >
        {panel.dataBytes > 0 ? "Its data is kept. " : ""}Starting it takes less than a second.
      </Empty>
    );
  }
  // What was seen before this start is not how the brokers are.
  const fresh = overview && overview.asOf >= (panel.since ?? 0) ? overview.value.brokers : undefined;
  return (
    <div className="split line">
      <div className="pane scroll grow">
        {fresh ? (
          <>
            <BrokerTable
              clusterId={clusterId}
              brokers={asThePanelSays(fresh, panel)}
              local
              readOnly={cluster?.readOnly ?? false}
              words
            />
            <FaultMeanings />
            <StandingFaults faults={panel.faults} refusal={writeRefusal(cluster)} />
          </>
        ) : (
          <Waiting words="Reading brokers" />
        )}
        <ClusterPicture clusterId={clusterId} />
        <div className="line mt-3" />
        <SampleShop refusal={writeRefusal(cluster)} />
      </div>
    </div>
  );
}
