import { useMemo } from "react";
import { CellView, cellNumber, NumberCell } from "../../components/cells";
import { byNumber, byText, type Column } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import { Link, useNavigation } from "../../components/navigation";
import { Empty, OldLine, Waiting } from "../../components/states";
import { SafeLine } from "../../components/text";
import type { ClusterId, GroupRow, Seen, TopicDetail } from "../../ipc/bindings";
import type { Answer } from "../../ipc/call";
import { useFeed } from "../../ipc/feed";
import { LAGGING_MEANS } from "../../lib/brand";
import { hrefs } from "../../lib/hrefs";
import { oldOf } from "../../lib/old";

const key = (row: GroupRow) => row.group;

export function GroupsPart({
  clusterId,
  topic,
  detail,
}: {
  clusterId: ClusterId;
  topic: string;
  detail: Answer<Seen<TopicDetail>>;
}) {
  const navigation = useNavigation();
  const all = useFeed("groups", { clusterId }).value?.value;
  const cell = detail.value?.value.groups;
  const rows = useMemo(() => {
    const names = cell?.state === "value" ? cell.value : [];
    return names.map((name) => all?.find((row) => row.group === name) ?? placeholder(name));
  }, [cell, all]);
  const columns = useMemo<Column<GroupRow>[]>(
    () => [
      {
        id: "group",
        head: "Group",
        width: "minmax(160px,1fr)",
        look: "mono",
        order: byText((row) => row.group),
        cell: (row) => (
          <Link href={hrefs.group(clusterId, row.group)} className="noun">
            <SafeLine text={row.group} />
          </Link>
        ),
      },
      { id: "state", head: "State", width: "140px", cell: (row) => <span className="t2">{row.state}</span> },
      {
        id: "members",
        head: "Members",
        width: "88px",
        look: "num",
        cell: (row) => <NumberCell cell={row.members} />,
      },
      {
        id: "lag",
        head: "Lag, all topics",
        width: "112px",
        look: "num",
        order: byNumber((row) => cellNumber(row.lag)),
        cell: (row) => (
          <span className={row.lagging ? "warn" : ""} title={LAGGING_MEANS}>
            <NumberCell cell={row.lag} />
          </span>
        ),
      },
    ],
    [clusterId],
  );
  const source = useListSource(rows, key);
  if (detail.loading) return <Waiting words="Reading groups" />;
  if (cell && cell.state !== "value") {
    return (
      <div className="pad">
        <CellView cell={cell}>{() => null}</CellView>
      </div>
    );
  }
  const old = oldOf(cell);
  return (
    <>
      {old && detail.old === undefined && <OldLine old={old} />}
      <DataGrid
        name="Groups"
        source={source}
        columns={columns}
        rowClass={(row) => ((old ?? oldOf(row)) ? "dim" : "")}
        openOnClick
        onOpen={(row, newTab) => {
          const href = hrefs.group(clusterId, row.group);
          if (newTab) navigation.openTab(href);
          else navigation.go(href);
        }}
        empty={
          <Empty title={`No group reads ${topic}`}>
            A group appears once it commits an offset of this topic.
          </Empty>
        }
      />
    </>
  );
}

function placeholder(group: string): GroupRow {
  const pending = { state: "pending" } as const;
  return {
    group,
    type: "",
    state: "…",
    members: pending,
    topics: pending,
    lag: pending,
    lagging: false,
    trend: [],
    coordinator: pending,
  };
}
