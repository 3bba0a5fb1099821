import { useEffect, useState } from "react";
import { cellValue } from "../components/cells";
import { EnvLabel } from "../components/EnvLabel";
import { Glyph } from "../components/Glyph";
import {
  IconAdd,
  IconBroker,
  IconCluster,
  IconGroup,
  IconHistory,
  IconLocal,
  IconOverview,
  IconSelector,
  IconSettings,
  IconTopic,
  IconTopics,
  type IconType,
  IconWarn,
} from "../components/icons";
import { MenuButton } from "../components/Menu";
import { Link } from "../components/navigation";
import { Tip } from "../components/Tip";
import { SafeLine } from "../components/text";
import type { ClusterId, ClusterSummary, Overview } from "../ipc/bindings";
import { useAllAnswered, useFeed } from "../ipc/feed";
import type { Prefs } from "../ipc/prefs";
import { hrefs } from "../lib/hrefs";
import { exactNumber } from "../lib/numbers";
import { safeWords } from "../lib/safeText";
import { navigator } from "./navigator";

/** The numbers beside the nouns come after what the page itself asked for, but not much later. */
const COUNTS_WAIT_MS = 3000;

interface RailProps {
  href: string;
  clusters: ClusterSummary[];
  cluster: ClusterSummary | undefined;
  prefs: Prefs;
}

/** Where one can go: all clusters, then the open one's nouns, then what the person pinned. */
export function Rail({ href, clusters, cluster, prefs }: RailProps) {
  const overview = useCounts(cluster && cluster.state !== "stopped" ? cluster.clusterId : undefined);
  const pins = cluster ? (prefs.pins[cluster.clusterId] ?? []) : [];
  return (
    <aside className="rail">
      <Switcher clusters={clusters} cluster={cluster} narrow={prefs.railNarrow} />
      <nav className="nav" aria-label="All clusters">
        <Item
          href={hrefs.home()}
          icon={IconCluster}
          label="Clusters"
          note={clusters.length || undefined}
          on={href === "/" || href.startsWith("/connect")}
          narrow={prefs.railNarrow}
        />
      </nav>
      {cluster && (
        <ClusterNav
          id={cluster.clusterId}
          local={cluster.kind === "local"}
          href={href}
          overview={overview}
          narrow={prefs.railNarrow}
        />
      )}
      {cluster && pins.length > 0 && (
        <nav className="nav pins" aria-label="Pinned">
          <span className="lab word">Pinned</span>
          {pins.map((pin) => {
            const to =
              pin.kind === "topic"
                ? hrefs.topic(cluster.clusterId, pin.name)
                : hrefs.group(cluster.clusterId, pin.name);
            const on = href.startsWith(to.replace(/\/messages$/, ""));
            return (
              <Link key={`${pin.kind}${pin.name}`} href={to} className={`pin ${on ? "on" : ""}`} current={on}>
                <Glyph icon={pin.kind === "topic" ? IconTopic : IconGroup} small />
                <span className="cut">
                  <SafeLine text={pin.name} />
                </span>
              </Link>
            );
          })}
        </nav>
      )}
      <nav className="nav end" aria-label="Program">
        <Item
          href={hrefs.settings()}
          icon={IconSettings}
          label="Settings"
          on={href.startsWith("/settings")}
          narrow={prefs.railNarrow}
        />
      </nav>
    </aside>
  );
}

function useCounts(clusterId: ClusterId | undefined): Overview | undefined {
  const answered = useAllAnswered();
  const [asked, setAsked] = useState<ClusterId>();
  const waits = clusterId !== undefined && asked !== clusterId;
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(() => setAsked(clusterId), answered ? 0 : COUNTS_WAIT_MS);
    return () => clearTimeout(timer);
  }, [waits, clusterId, answered]);
  return useFeed("overview", clusterId && !waits ? { clusterId } : undefined).value?.value;
}

function ClusterNav({
  id,
  local,
  href,
  overview,
  narrow,
}: {
  id: ClusterId;
  local: boolean;
  href: string;
  overview: Overview | undefined;
  narrow: boolean;
}) {
  const up = overview?.brokers.filter((broker) => broker.state === "running").length;
  const down = overview && up !== undefined && up < overview.brokersTotal;
  const items: { icon: IconType; label: string; to: string; note?: React.ReactNode }[] = [
    { icon: IconOverview, label: "Overview", to: hrefs.overview(id) },
    {
      icon: IconTopics,
      label: "Topics",
      to: hrefs.topics(id),
      note: exactNumber(overview?.topics),
    },
    {
      icon: IconGroup,
      label: "Groups",
      to: hrefs.groups(id),
      note: exactNumber(cellValue(overview?.groups)),
    },
    {
      icon: IconBroker,
      label: "Brokers",
      to: hrefs.brokers(id),
      note: down ? (
        <span className="st warn">
          <Glyph icon={IconWarn} small />
          {overview.brokersTotal - up} down
        </span>
      ) : (
        overview?.brokersTotal
      ),
    },
    ...(local ? [{ icon: IconLocal, label: "Local", to: hrefs.local(id) }] : []),
    { icon: IconHistory, label: "History", to: hrefs.history(id) },
  ];
  return (
    <nav className="nav" aria-label="Cluster">
      {items.map((item) => (
        <Item
          key={item.label}
          href={item.to}
          icon={item.icon}
          label={item.label}
          note={overview ? item.note : undefined}
          on={href.startsWith(item.to)}
          narrow={narrow}
        />
      ))}
    </nav>
  );
}

function Item(props: {
  href: string;
  icon: IconType;
  label: string;
  note?: React.ReactNode;
  on: boolean;
  narrow: boolean;
}) {
  const link = (
    <span>
      <Link href={props.href} className={props.on ? "on" : ""} current={props.on} name={props.label}>
        <Glyph icon={props.icon} />
        <span className="word">{props.label}</span>
        {props.note !== undefined && <span className="n">{props.note}</span>}
      </Link>
    </span>
  );
  return props.narrow ? <Tip words={props.label}>{link}</Tip> : link;
}

function Switcher({
  clusters,
  cluster,
  narrow,
}: {
  clusters: ClusterSummary[];
  cluster: ClusterSummary | undefined;
  narrow: boolean;
}) {
  const entries = [
    ...clusters.map((one) => ({
      label: `${one.name} ${one.environment.toUpperCase()}`,
      icon: IconCluster,
      run: () => navigator.go(hrefs.overview(one.clusterId)),
    })),
    ...(clusters.length > 0 ? (["line"] as const) : []),
    { label: "All clusters", icon: IconOverview, run: () => navigator.go(hrefs.home()) },
    { label: "Connect to Kafka…", icon: IconAdd, run: () => navigator.go(hrefs.connect()) },
  ];
  return (
    <MenuButton entries={entries}>
      <button
        type="button"
        className="switch"
        aria-label={cluster ? `Cluster ${safeWords(cluster.name)}, switch` : "No cluster, switch"}
      >
        {cluster ? (
          narrow ? (
            <EnvLetter cluster={cluster} />
          ) : (
            <>
              <span className="name cut">
                <SafeLine text={cluster.name} />
              </span>
              <EnvLabel env={cluster.environment} />
            </>
          )
        ) : (
          <span className="name t3 cut word">No cluster</span>
        )}
        {!narrow && <span className="grow" />}
        {!narrow && <Glyph icon={IconSelector} small className="t3" />}
      </button>
    </MenuButton>
  );
}

function EnvLetter({ cluster }: { cluster: ClusterSummary }) {
  return (
    <span className={`env ${cluster.environment}`}>{cluster.environment.slice(0, 1).toUpperCase()}</span>
  );
}
