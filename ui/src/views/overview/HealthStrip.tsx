import { CellView, cellValue } from "../../components/cells";
import { IconBad, IconOk, IconWarn } from "../../components/icons";
import { Strip, type StripItem } from "../../components/layout";
import type { ClusterId, ClusterState, Overview } from "../../ipc/bindings";
import { hrefs } from "../../lib/hrefs";
import { exactNumber, rate } from "../../lib/numbers";

interface HealthStripProps {
  clusterId: ClusterId;
  /** What was last seen. */
  overview: Overview;
  state: ClusterState | undefined;
}

/** Quiet while all is well; trouble is coloured, has its icon, and leads to the list that shows it. */
export function HealthStrip({ clusterId, overview, state }: HealthStripProps) {
  const unreachable = state === "unreachable";
  const up = overview.brokers.filter((broker) => broker.state === "running").length;
  const lagging = cellValue(overview.groupsLagging) ?? 0;
  const trouble = hrefs.topics(clusterId, "?show=trouble");
  const bad = overview.offline + overview.belowMinIsr;
  const warn = overview.underReplicated > 0 || up < overview.brokersTotal;
  const status: StripItem = unreachable
    ? { label: "Status", value: "Unreachable", tone: "bad", icon: IconBad }
    : bad
      ? {
          label: "Status",
          value: bad < overview.partitions ? "Partly writable" : "Not writable",
          tone: "bad",
          icon: IconBad,
        }
      : warn
        ? { label: "Status", value: "Still writable", tone: "warn", icon: IconWarn }
        : { label: "Status", value: "Healthy", icon: IconOk };
  return (
    <Strip
      name="Health"
      items={[
        status,
        {
          label: "Controller",
          value:
            overview.controller === undefined || overview.controller === null
              ? "—"
              : `broker ${overview.controller}`,
        },
        {
          label: "Brokers",
          value: unreachable ? "—" : up,
          of: `/${overview.brokersTotal}`,
          href: hrefs.brokers(clusterId),
          ...(up < overview.brokersTotal ? { tone: "warn", icon: IconWarn } : {}),
        },
        {
          label: "Partitions online",
          value: exactNumber(overview.partitionsOnline),
          of: `/${exactNumber(overview.partitions)}`,
          href: hrefs.topics(clusterId),
        },
        {
          ...count("Under-replicated", overview.underReplicated, "warn", trouble),
          ...(overview.underReplicatedInternal > 0
            ? { of: `, ${exactNumber(overview.underReplicatedInternal)} internal` }
            : {}),
        },
        count("Below min in-sync", overview.belowMinIsr, "bad", trouble),
        count("Offline", overview.offline, "bad", trouble),
        { label: "Produced", value: <CellView cell={overview.producedPerSec}>{rate}</CellView>, of: "/s" },
        {
          label: "Groups lagging",
          value: <CellView cell={overview.groupsLagging}>{(value) => exactNumber(value)}</CellView>,
          of: <>/{exactNumber(cellValue(overview.groups))}</>,
          href: hrefs.groups(clusterId),
          ...(lagging > 0 ? { tone: "warn", icon: IconWarn } : {}),
        },
      ]}
    />
  );
}

function count(label: string, value: number, tone: "warn" | "bad", href: string): StripItem {
  return value === 0
    ? { label, value: <span className="t2">0</span>, href }
    : { label, value: exactNumber(value), tone, icon: tone === "bad" ? IconBad : IconWarn, href };
}
