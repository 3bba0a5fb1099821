import { useState } from "react";
import { Age } from "../../components/clock";
import { EnvLabel } from "../../components/EnvLabel";
import { byNumber, byText, type Column, type Sort, sorted } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import { IconDelete, IconDraft, IconOverview, IconTopics } from "../../components/icons";
import { Link, useNavigation } from "../../components/navigation";
import { SafeLine } from "../../components/text";
import type { ClusterSummary } from "../../ipc/bindings";
import { hrefs } from "../../lib/hrefs";
import { exactNumber } from "../../lib/numbers";
import { ClusterStateWord } from "./ClusterStateWord";
import { EditClusterDialog } from "./EditClusterDialog";
import { RemoveDialog } from "./RemoveDialog";

const key = (cluster: ClusterSummary) => cluster.clusterId;

const columns: Column<ClusterSummary>[] = [
  {
    id: "name",
    head: "Cluster",
    width: "minmax(120px,1fr)",
    order: byText((cluster) => cluster.name),
    cell: (cluster) => (
      <Link href={hrefs.overview(cluster.clusterId)} className="b noun">
        <SafeLine text={cluster.name} />
      </Link>
    ),
  },
  {
    id: "environment",
    head: "Env",
    width: "88px",
    order: byText((c) => c.environment),
    cell: (c) => <EnvLabel env={c.environment} />,
  },
  {
    id: "state",
    head: "State",
    width: "184px",
    order: byText((c) => c.state),
    cell: (c) => <ClusterStateWord cluster={c} />,
  },
  {
    id: "problem",
    head: "Worst problem",
    width: "minmax(0,1.6fr)",
    above: 720,
    cell: (c) => <span className={c.problem ? "bad" : "t2"}>{c.problem ?? ""}</span>,
  },
  {
    id: "bootstrap",
    head: "Address",
    width: "minmax(0,1fr)",
    look: "mono",
    above: 1000,
    cell: (c) => c.bootstrap,
  },
  {
    id: "brokers",
    head: "Brokers",
    width: "72px",
    look: "num",
    order: byNumber((c) => c.brokers ?? -1),
    cell: (c) => exactNumber(c.brokers ?? undefined),
  },
  {
    id: "topics",
    head: "Topics",
    width: "72px",
    look: "num",
    order: byNumber((c) => c.topics ?? -1),
    cell: (c) => exactNumber(c.topics ?? undefined),
  },
  {
    id: "seen",
    head: "Last seen",
    width: "96px",
    look: "num ui",
    order: byNumber((c) => c.lastSeen ?? 0),
    cell: (c) => <Age at={c.lastSeen ?? undefined} />,
  },
];

export function ClusterTable({ clusters }: { clusters: ClusterSummary[] }) {
  const navigation = useNavigation();
  const [sort, setSort] = useState<Sort>();
  const [editing, setEditing] = useState<ClusterSummary>();
  const source = useListSource(sorted(clusters, columns, sort), key);
  const [removing, setRemoving] = useState<ClusterSummary>();
  return (
    <div className="line">
      <DataGrid
        name="Clusters"
        natural
        source={source}
        columns={columns}
        sort={sort}
        onSort={setSort}
        openOnClick
        onOpen={(cluster, newTab) => {
          const href = hrefs.overview(cluster.clusterId);
          if (newTab) navigation.openTab(href);
          else navigation.go(href);
        }}
        rowClass={(cluster) => (cluster.state === "unreachable" || cluster.state === "stopped" ? "dim" : "")}
        menu={(cluster) => [
          { label: "Open", icon: IconOverview, run: () => navigation.go(hrefs.overview(cluster.clusterId)) },
          {
            label: "Open topics in a tab",
            icon: IconTopics,
            run: () => navigation.openTab(hrefs.topics(cluster.clusterId)),
          },
          { label: "Edit…", icon: IconDraft, run: () => setEditing(cluster) },
          "line",
          {
            label: "Remove connection…",
            icon: IconDelete,
            danger: true,
            disabledReason: cluster.kind === "local" ? "the local cluster stays" : undefined,
            run: () => setRemoving(cluster),
          },
        ]}
      />
      {editing && <EditClusterDialog cluster={editing} onClose={() => setEditing(undefined)} />}
      {removing && <RemoveDialog cluster={removing} onClose={() => setRemoving(undefined)} />}
    </div>
  );
}
