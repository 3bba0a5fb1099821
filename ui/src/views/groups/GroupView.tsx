import { useMemo, useState } from "react";
import { IconButton } from "../../components/Button";
import { CellView, cellNumber, cellValue, NumberCell } from "../../components/cells";
import { Since } from "../../components/clock";
import { byNumber, byText, type Column, type Sort, sorted } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import { IconDelete, IconMore, IconPin, IconPinned } from "../../components/icons";
import { Head, Page, Views } from "../../components/layout";
import { MenuButton } from "../../components/Menu";
import { Link, useNavigation } from "../../components/navigation";
import { usePageActions } from "../../components/pageActions";
import { Empty, Waiting } from "../../components/states";
import { SafeLine } from "../../components/text";
import { PlanReview } from "../../features/PlanReview";
import type { Change, ClusterId, GroupDetail, GroupMember, GroupOffset } from "../../ipc/bindings";
import { useCluster, writeRefusal } from "../../ipc/cluster";
import { useFeed } from "../../ipc/feed";
import { isPinned, togglePin, usePrefs } from "../../ipc/prefs";
import { ErrorView } from "../../ipc/remedies";
import { SeenLines } from "../../ipc/SeenLines";
import { LAGGING_MEANS, STUCK_MEANS } from "../../lib/brand";
import { hrefs, withSearch } from "../../lib/hrefs";
import { exactDigits, exactNumber } from "../../lib/numbers";
import { oldOf } from "../../lib/old";
import type { Search } from "../../lib/search";
import { GroupState } from "./GroupState";
import { LagPart } from "./LagPart";

export interface GroupViewProps {
  clusterId: ClusterId;
  group: string;
  search: Search;
  onSearch: (patch: Record<string, string | undefined>) => void;
}

export function GroupView({ clusterId, group, search, onSearch }: GroupViewProps) {
  const [prefs] = usePrefs();
  const feed = useFeed("group", { clusterId, group });
  const detail = feed.value?.value;
  const members = (detail && cellValue(detail.members)) ?? undefined;
  const part = search.part === "members" || search.part === "lag" ? search.part : "partitions";
  const navigation = useNavigation();
  const refusal = writeRefusal(useCluster(clusterId));
  const [change, setChange] = useState<Change>();
  const remove = () => setChange({ kind: "deleteGroup", group });
  const pin = { kind: "group" as const, name: group };
  const pinned = isPinned(prefs, clusterId, pin);
  usePageActions([
    {
      id: "group.partitions",
      label: "Show partitions",
      shortcut: "1",
      run: () => onSearch({ part: undefined }),
    },
    { id: "group.members", label: "Show members", shortcut: "2", run: () => onSearch({ part: "members" }) },
    { id: "group.lag", label: "Show lag over time", shortcut: "3", run: () => onSearch({ part: "lag" }) },
    {
      id: "group.delete",
      label: `Delete group ${group}`,
      icon: IconDelete,
      disabledReason: refusal,
      run: remove,
    },
    {
      id: "group.pin",
      label: `${pinned ? "Unpin" : "Pin"} ${group}`,
      icon: IconPin,
      run: () => togglePin(clusterId, pin),
    },
  ]);
  const href = hrefs.group(clusterId, group);
  return (
    <Page old={feed.old !== undefined}>
      <Head
        mono
        title={group}
        before={
          <IconButton
            icon={pinned ? IconPinned : IconPin}
            name={pinned ? `Unpin ${group}` : `Pin ${group}`}
            pressed={pinned}
            className={pinned ? "acc pinmark" : "pinmark"}
            onClick={() => togglePin(clusterId, pin)}
          />
        }
        facts={detail && <Facts detail={detail} />}
        actions={
          <MenuButton
            entries={[
              {
                label: "Delete group…",
                icon: IconDelete,
                danger: true,
                disabledReason: refusal,
                run: remove,
              },
            ]}
          >
            <button type="button" className="btn ic" aria-label={`More for ${group}`}>
              <IconMore className="i" size={16} stroke={1.5} aria-hidden />
            </button>
          </MenuButton>
        }
      />
      <Views
        name={`Views of ${group}`}
        current={part}
        items={[
          { id: "partitions", label: "Partitions", href, note: detail?.offsets.length },
          {
            id: "members",
            label: "Members",
            href: withSearch(href, { part: "members" }),
            note: members?.length,
          },
          { id: "lag", label: "Lag", href: withSearch(href, { part: "lag" }) },
        ]}
      />
      <SeenLines of={feed} />
      {!detail && !feed.error && <Waiting words={`Reading ${group}`} />}
      {detail && part === "partitions" && <Offsets clusterId={clusterId} detail={detail} />}
      {detail && part === "members" && <Members detail={detail} onRetry={feed.retry} />}
      {part === "lag" && <LagPart clusterId={clusterId} group={group} search={search} onSearch={onSearch} />}
      {change && (
        <PlanReview
          clusterId={clusterId}
          change={change}
          onClose={() => setChange(undefined)}
          onApplied={() => navigation.go(hrefs.groups(clusterId))}
        />
      )}
    </Page>
  );
}

function Facts({ detail }: { detail: GroupDetail }) {
  const topics = new Set(detail.offsets.map((offset) => offset.topic));
  return (
    <>
      <span>
        <GroupState state={detail.state} />
      </span>
      <span>
        <b>
          <CellView cell={detail.members}>{(members) => members.length}</CellView>
        </b>{" "}
        {cellValue(detail.members)?.length === 1 ? "member" : "members"}
      </span>
      <span>
        <b>{detail.offsets.length}</b> {detail.offsets.length === 1 ? "partition" : "partitions"} of{" "}
        {topics.size === 1 ? [...topics][0] : `${topics.size} topics`}
      </span>
      <span title={LAGGING_MEANS}>
        lag{" "}
        <b className={detail.lagging ? "warn" : ""}>
          <CellView cell={detail.lag}>{(lag) => exactNumber(lag)}</CellView>
        </b>
      </span>
      {detail.stuckSince !== undefined && (
        <span className="warn" title={STUCK_MEANS}>
          stuck for <Since at={detail.stuckSince} />
        </span>
      )}
      {detail.protocol && <span>assignor {detail.protocol}</span>}
      {detail.coordinator !== undefined && detail.coordinator !== null && (
        <span>coordinator broker {detail.coordinator}</span>
      )}
    </>
  );
}

const dimIfOld = (row: object) => (oldOf(row) ? "dim" : "");
const offsetKey = (row: GroupOffset) => `${row.topic} ${row.partition}`;

function Offsets({ clusterId, detail }: { clusterId: ClusterId; detail: GroupDetail }) {
  const navigation = useNavigation();
  const [sort, setSort] = useState<Sort>({ column: "topic", descending: false });
  const most = Math.max(1, ...detail.offsets.map((row) => cellValue(row.lag) ?? 0));
  const columns = useMemo<Column<GroupOffset>[]>(() => {
    const members = cellValue(detail.members);
    const member = (row: GroupOffset) => members?.find((one) => one.memberId === row.memberId);
    return [
      {
        id: "topic",
        head: "Topic",
        width: "minmax(120px,1fr)",
        look: "mono",
        order: byText((row) => `${row.topic} ${String(row.partition).padStart(6, "0")}`),
        cell: (row) => (
          <Link href={hrefs.topic(clusterId, row.topic)} className="noun">
            {row.topic}
          </Link>
        ),
      },
      {
        id: "partition",
        head: "P",
        width: "48px",
        look: "num",
        order: byNumber((row) => row.partition),
        cell: (row) => row.partition,
      },
      {
        id: "committed",
        head: "Committed",
        width: "112px",
        look: "num",
        cell: (row) => <CellView cell={row.committed}>{exactDigits}</CellView>,
      },
      {
        id: "end",
        head: "End",
        width: "112px",
        look: "num",
        cell: (row) => <CellView cell={row.end}>{exactDigits}</CellView>,
      },
      {
        id: "lag",
        head: "Lag",
        width: "88px",
        look: "num",
        order: byNumber((row) => cellNumber(row.lag)),
        cell: (row) => (
          <span className={detail.lagging && (cellValue(row.lag) ?? 0) > 0 ? "warn" : ""}>
            <NumberCell cell={row.lag} />
          </span>
        ),
      },
      {
        id: "bar",
        head: "Share of the lag",
        spoken: true,
        width: "96px",
        look: "after",
        above: 640,
        cell: (row) => (
          <div className={`heat ${detail.lagging ? "" : "calm"}`} aria-hidden>
            <i style={{ width: `${(100 * (cellValue(row.lag) ?? 0)) / most}%` }} />
          </div>
        ),
      },
      {
        id: "member",
        head: "Member",
        width: "minmax(120px,1fr)",
        look: "mono after",
        above: 720,
        cell: (row) =>
          member(row) ? (
            <SafeLine text={`${member(row)?.clientId} ${member(row)?.host}`} />
          ) : (
            <span className="t3">nobody</span>
          ),
      },
    ];
  }, [clusterId, detail.members, detail.lagging, most]);
  const source = useListSource(sorted(detail.offsets, columns, sort), offsetKey);
  return (
    <DataGrid
      name="Partitions"
      source={source}
      columns={columns}
      rowClass={dimIfOld}
      sort={sort}
      onSort={setSort}
      menu={(row) => [
        {
          label: "Show records at the committed offset",
          disabledReason: row.committed.state === "value" ? undefined : "nothing committed",
          run: () =>
            row.committed.state === "value" &&
            navigation.openTab(
              hrefs.topic(
                clusterId,
                row.topic,
                "messages",
                `?from=offset&offset=${row.committed.value}&partitions=${row.partition}`,
              ),
            ),
        },
        { label: "Open topic in a tab", run: () => navigation.openTab(hrefs.topic(clusterId, row.topic)) },
      ]}
      empty={
        <Empty title="No offsets committed">The group has joined but has not committed what it read.</Empty>
      }
    />
  );
}

const NOBODY: GroupMember[] = [];
const memberKey = (row: GroupMember) => row.memberId;

const memberColumns: Column<GroupMember>[] = [
  {
    id: "client",
    head: "Client",
    width: "minmax(120px,1fr)",
    look: "mono",
    cell: (row) => <SafeLine text={row.clientId} />,
  },
  { id: "host", head: "Host", width: "minmax(100px,0.8fr)", look: "mono", cell: (row) => row.host },
  {
    id: "member",
    head: "Member",
    width: "minmax(120px,1fr)",
    look: "mono",
    above: 720,
    cell: (row) => <span className="t2">{row.memberId}</span>,
  },
  {
    id: "instance",
    head: "Instance",
    width: "100px",
    look: "mono",
    above: 820,
    cell: (row) => row.instanceId ?? <span className="t3">—</span>,
  },
  { id: "count", head: "P", width: "48px", look: "num", cell: (row) => row.partitions.length },
  {
    id: "partitions",
    head: "Partitions",
    width: "minmax(140px,1.2fr)",
    look: "mono after",
    cell: (row) =>
      row.partitions.map(({ topic, partition }) => `${topic}/${partition}`).join(", ") || (
        <span className="t3">none</span>
      ),
  },
];

function Members({ detail, onRetry }: { detail: GroupDetail; onRetry: () => void }) {
  const { members } = detail;
  const source = useListSource(cellValue(members) ?? NOBODY, memberKey);
  if (members.state === "failed") return <ErrorView error={members.error} onRetry={onRetry} />;
  if (members.state === "pending") return <Waiting words={`Reading members of ${detail.group}`} />;
  if (members.state === "unavailable")
    return <Empty title="The members are not known">{members.reason}</Empty>;
  return (
    <DataGrid
      name="Members"
      source={source}
      columns={memberColumns}
      rowClass={() => (oldOf(members) ? "dim" : "")}
      empty={<Empty title="No members">Nobody reads for this group now; its offsets are kept.</Empty>}
    />
  );
}
