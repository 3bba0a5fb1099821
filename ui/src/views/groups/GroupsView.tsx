import { useMemo, useRef } from "react";
import { Button } from "../../components/Button";
import { copyAndSay } from "../../components/CopyButton";
import { CellView, cellNumber, cellValue, NumberCell } from "../../components/cells";
import { Sparkline } from "../../components/chart/Sparkline";
import { Since } from "../../components/clock";
import { FindInput, Segmented } from "../../components/fields";
import { byNumber, byText, type Column, readSort, sorted, writeSort } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import { IconCopy, IconGroup } from "../../components/icons";
import { Head, Page } from "../../components/layout";
import { Link, useNavigation } from "../../components/navigation";
import { usePageActions } from "../../components/pageActions";
import { Empty, Waiting } from "../../components/states";
import { SafeLine } from "../../components/text";
import type { ClusterId, GroupRow } from "../../ipc/bindings";
import { useFeed } from "../../ipc/feed";
import { SeenLines } from "../../ipc/SeenLines";
import { LAGGING_MEANS, STUCK_MEANS } from "../../lib/brand";
import { hrefs } from "../../lib/hrefs";
import { counted, exactNumber, rate } from "../../lib/numbers";
import { oldOf } from "../../lib/old";
import type { Search } from "../../lib/search";
import { GroupState } from "./GroupState";

type Show = "all" | "lagging" | "stuck" | "left" | "moving" | "empty";
/** Less than a record in ten seconds either way is noise. */
const STEADY = 0.1;

const key = (row: GroupRow) => row.group;

export interface GroupsViewProps {
  clusterId: ClusterId;
  search: Search;
  onSearch: (patch: Record<string, string | undefined>) => void;
}

export function GroupsView({ clusterId, search, onSearch }: GroupsViewProps) {
  const navigation = useNavigation();
  const feed = useFeed("groups", { clusterId });
  const find = useRef<HTMLInputElement>(null);
  const columns = useMemo(() => groupColumns(clusterId), [clusterId]);
  const all = feed.value?.value ?? [];
  const text = (search.q ?? "").toLowerCase();
  const show = (search.show as Show | undefined) ?? "all";
  const sort = useMemo(() => readSort(search.sort, { column: "lag", descending: true }), [search.sort]);
  const rows = useMemo(() => {
    const wanted = all.filter((row) => row.group.toLowerCase().includes(text) && shows(row, show));
    return sorted(wanted, columns, sort);
  }, [all, text, show, columns, sort]);
  const source = useListSource(rows, key);
  usePageActions([
    { id: "groups.find", label: "Find a group in the list", shortcut: "/", run: () => find.current?.focus() },
  ]);
  const open = (row: GroupRow, newTab: boolean) => {
    const href = hrefs.group(clusterId, row.group);
    if (newTab) navigation.openTab(href);
    else navigation.go(href);
  };
  // None among the rows of a partial answer does not say that there are none.
  const unread = all.length === 0 ? feed.value?.missing[0] : undefined;
  const lagging = all.filter((row) => row.lagging).length;
  // Nothing read is not none.
  const counts = (of: Show) =>
    feed.value && !unread ? String(all.filter((row) => shows(row, of)).length) : "";
  return (
    <Page old={feed.old !== undefined}>
      <Head
        title="Groups"
        facts={
          feed.value &&
          !unread && (
            <>
              <span>
                <b>{exactNumber(all.length)}</b> {all.length === 1 ? "group" : "groups"}
              </span>
              <span title={LAGGING_MEANS}>
                <b>{lagging}</b> lagging
              </span>
            </>
          )
        }
      />
      <div className="bar line">
        <FindInput
          ref={find}
          name="Find groups"
          size="w-find"
          placeholder={unread ? "Find a group" : `Find in ${counted(all.length, "group")}`}
          value={search.q ?? ""}
          onChange={(q) => onSearch({ q })}
        />
        <Segmented<Show>
          name="Show"
          value={show}
          options={[
            { value: "all", label: "All" },
            { value: "lagging", label: `Lagging ${counts("lagging")}` },
            { value: "stuck", label: `Stuck ${counts("stuck")}` },
            { value: "left", label: `Empty with lag ${counts("left")}` },
            { value: "moving", label: `Rebalancing ${counts("moving")}` },
            { value: "empty", label: `No members ${counts("empty")}` },
          ]}
          onChange={(next) => onSearch({ show: next === "all" ? undefined : next })}
        />
      </div>
      <SeenLines of={feed} />
      {!feed.value && !feed.error && <Waiting words="Reading groups" />}
      {feed.value && (
        <DataGrid
          name="Groups"
          source={source}
          columns={columns}
          sort={sort}
          onSort={(next) => onSearch({ sort: writeSort(next) })}
          openOnClick
          rowClass={(row) => (oldOf(row) ? "dim" : "")}
          onOpen={open}
          menu={(row) => [
            { label: "Open", icon: IconGroup, run: () => open(row, false) },
            { label: "Open in a tab", run: () => open(row, true) },
            { label: "Copy name", icon: IconCopy, run: () => void copyAndSay(row.group, "Name") },
          ]}
          empty={
            unread ? (
              <Empty
                title="The groups could not be read"
                action={<Button onClick={feed.retry}>Read them again</Button>}
              >
                {unread.reason}
              </Empty>
            ) : all.length === 0 ? (
              <Empty title="No consumer groups yet">
                A group appears when a consumer with a group id joins or commits an offset.
              </Empty>
            ) : (
              <Empty
                title={`0 of ${counted(all.length, "group")} match`}
                action={
                  <Button onClick={() => onSearch({ q: undefined, show: undefined })}>Show all groups</Button>
                }
              />
            )
          }
        />
      )}
    </Page>
  );
}

function Trend({ row }: { row: GroupRow }) {
  // A group that is known for a minute has a minute's trend, and not an empty quarter of an hour before it.
  const points = row.trend.slice(row.trend.findIndex((point) => point !== null));
  if (points.filter((point) => point !== null).length < 2) return <span className="t3">—</span>;
  return <Sparkline points={points} name={`lag of ${row.group} over the last minutes`} />;
}

/** Which way the lag goes; a group that catches up is no trouble. */
function Change({ row }: { row: GroupRow }) {
  const change = row.changePerSec ?? undefined;
  if (row.stuckSince !== undefined) {
    return (
      <span className="warn" title={STUCK_MEANS}>
        stuck <Since at={row.stuckSince} />
      </span>
    );
  }
  if (change === undefined) return <span className="t3">—</span>;
  if (Math.abs(change) < STEADY) return <span className="t3">steady</span>;
  return (
    <span
      className={row.lagging && change > 0 ? "warn" : "t2"}
      title={change > 0 ? "falls behind" : "catches up"}
    >
      {change > 0 ? "+" : "−"}
      {rate(Math.abs(change))}
    </span>
  );
}

function shows(row: GroupRow, show: Show): boolean {
  const empty = (cellValue(row.members) ?? 0) === 0;
  switch (show) {
    case "all":
      return true;
    case "lagging":
      return row.lagging;
    case "stuck":
      return row.stuckSince !== undefined;
    case "left":
      return empty && (cellValue(row.lag) ?? 0) > 0;
    case "moving":
      return /Rebalance|Assigning|Reconciling/.test(row.state);
    case "empty":
      return empty;
  }
}

function groupColumns(clusterId: ClusterId): Column<GroupRow>[] {
  return [
    {
      id: "group",
      head: "Group",
      width: "minmax(140px,1fr)",
      look: "mono",
      order: byText((row) => row.group),
      cell: (row) => (
        <Link href={hrefs.group(clusterId, row.group)} className="noun">
          <SafeLine text={row.group} />
        </Link>
      ),
    },
    {
      id: "type",
      head: "Type",
      width: "84px",
      above: 800,
      order: byText((row) => row.type),
      cell: (row) => <span className="t2">{row.type}</span>,
    },
    {
      id: "state",
      head: "State",
      width: "140px",
      order: byText((row) => row.state),
      cell: (row) => <GroupState state={row.state} />,
    },
    {
      id: "members",
      head: "Members",
      width: "80px",
      look: "num",
      order: byNumber((row) => cellNumber(row.members)),
      cell: (row) => <NumberCell cell={row.members} />,
    },
    {
      id: "lag",
      head: "Lag",
      width: "96px",
      look: "num",
      order: byNumber((row) => cellNumber(row.lag)),
      cell: (row) => (
        <span className={row.lagging ? "warn" : ""}>
          <NumberCell cell={row.lag} />
        </span>
      ),
    },
    {
      id: "trend",
      head: "Lag trend",
      width: "84px",
      look: "after",
      above: 620,
      cell: (row) => <Trend row={row} />,
    },
    {
      id: "change",
      head: "Change, /s",
      width: "88px",
      look: "num",
      above: 700,
      order: byNumber((row) => row.changePerSec ?? Number.NEGATIVE_INFINITY),
      cell: (row) => <Change row={row} />,
    },
    {
      id: "topics",
      head: "Topics",
      width: "minmax(120px,1fr)",
      look: "mono after",
      above: 780,
      cell: (row) => <CellView cell={row.topics}>{(names) => names.join(", ")}</CellView>,
    },
    {
      id: "coordinator",
      head: "Coordinator",
      width: "96px",
      look: "num",
      above: 820,
      cell: (row) => <CellView cell={row.coordinator}>{(id) => id}</CellView>,
    },
  ];
}
