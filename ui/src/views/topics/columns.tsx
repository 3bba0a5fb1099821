import {
  BytesCell,
  CellView,
  cellNumber,
  cellText,
  cellValue,
  NumberCell,
  RateCell,
} from "../../components/cells";
import { Age } from "../../components/clock";
import { Glyph } from "../../components/Glyph";
import { byNumber, byText, type Column } from "../../components/grid/columns";
import { IconBad, IconPinned } from "../../components/icons";
import { Link } from "../../components/navigation";
import { SafeLine } from "../../components/text";
import { Cleanup } from "../../features/Cleanup";
import type { ClusterId, TopicRow } from "../../ipc/bindings";
import { hrefs } from "../../lib/hrefs";
import { exactNumber } from "../../lib/numbers";
import { safeWords } from "../../lib/safeText";
import { duration } from "../../lib/time";

/** Columns that a person may put away; the name stays. */
export const OPTIONAL_COLUMNS = [
  ["partitions", "Partitions"],
  ["rf", "Replication factor"],
  ["trouble", "Under-replicated"],
  ["rate", "Records in, per second"],
  ["records", "Records"],
  ["size", "Size on disk"],
  ["mean", "Bytes per record"],
  ["cleanup", "Cleanup"],
  ["retention", "Retention"],
  ["last", "Last record"],
  ["groups", "Consumer groups"],
] as const;

/** Put away until asked for. */
export const HIDDEN_AT_FIRST: readonly string[] = ["mean", "retention", "groups"];

const GROUPS: Column<TopicRow> = {
  id: "groups",
  head: "Groups",
  width: "72px",
  look: "num",
  order: byNumber((t) => cellValue(t.groups)?.length ?? Number.NaN),
  cell: (topic) => (
    <CellView cell={topic.groups}>
      {(names) => <span title={names.map(safeWords).join("\n")}>{exactNumber(names.length)}</span>}
    </CellView>
  ),
};

export function topicColumns(clusterId: ClusterId, pinned: ReadonlySet<string>): Column<TopicRow>[] {
  return [
    {
      id: "name",
      head: "Topic",
      // Number columns take what is left up to their most; then the name takes all.
      width: "minmax(240px,1fr)",
      narrow: "minmax(132px,1fr)",
      look: "mono",
      order: byText((topic) => topic.name),
      cell: (topic) => (
        <>
          {pinned.has(topic.name) && <Glyph icon={IconPinned} small className="acc" />}
          <Link href={hrefs.topic(clusterId, topic.name)} className="noun">
            <SafeLine text={topic.name} />
          </Link>
        </>
      ),
    },
    {
      id: "partitions",
      head: "P",
      width: "minmax(40px,56px)",
      narrow: "36px",
      look: "num",
      order: byNumber((t) => t.partitions),
      cell: (t) => exactNumber(t.partitions),
    },
    {
      id: "rf",
      head: "RF",
      width: "minmax(36px,44px)",
      look: "num",
      above: 660,
      order: byNumber((t) => t.replicationFactor),
      cell: (t) => t.replicationFactor,
    },
    {
      id: "trouble",
      head: "Under-repl.",
      width: "minmax(76px,80px)",
      narrow: "78px",
      look: "num",
      order: byNumber((t) => t.underReplicated + t.offline * 1000),
      cell: (topic) => <Trouble topic={topic} />,
    },
    {
      id: "rate",
      head: "In, /s",
      width: "minmax(56px,64px)",
      narrow: "56px",
      look: "num",
      order: byNumber((t) => cellNumber(t.ratePerSec)),
      cell: (t) => <RateCell cell={t.ratePerSec} />,
    },
    {
      id: "records",
      head: "Records",
      width: "minmax(68px,76px)",
      narrow: "66px",
      look: "num",
      order: byNumber((t) => cellNumber(t.records)),
      cell: (t) => <NumberCell cell={t.records} />,
    },
    {
      id: "size",
      head: "Size",
      width: "minmax(68px,76px)",
      look: "num",
      above: 720,
      order: byNumber((t) => cellNumber(t.logBytes)),
      cell: (t) => <BytesCell cell={t.logBytes} />,
    },
    {
      id: "mean",
      head: "B/record",
      width: "76px",
      look: "num",
      order: byNumber(meanBytes),
      cell: (topic) => <Mean topic={topic} />,
    },
    {
      id: "cleanup",
      head: "Cleanup",
      width: "124px",
      look: "after",
      above: 780,
      order: byText((t) => cellText(t.cleanup)),
      cell: (topic) => <Cleanup topic={topic} />,
    },
    {
      id: "retention",
      head: "Retention",
      width: "84px",
      look: "after",
      order: byNumber((t) => cellNumber(t.retentionMs)),
      cell: (topic) => (
        <CellView cell={topic.retentionMs}>{(ms) => (ms < 0 ? "no limit" : duration(ms))}</CellView>
      ),
    },
    {
      id: "last",
      head: "Last record",
      width: "minmax(84px,88px)",
      narrow: "80px",
      look: "num ui",
      order: byNumber((t) => cellNumber(t.lastRecordAt)),
      cell: (topic) => (
        <CellView cell={topic.lastRecordAt}>
          {(at) => (at > 0 ? <Age at={at} /> : <span className="t3">never</span>)}
        </CellView>
      ),
    },
    GROUPS,
  ];
}

/** What a record takes on disk, replicas left out; a span is no exact count, so neither is this. */
function meanBytes(topic: TopicRow): number {
  const [bytes, records] = [cellNumber(topic.logBytes), cellNumber(topic.records)];
  return bytes > 0 && records > 0 ? bytes / records / Math.max(1, topic.replicationFactor) : Number.NaN;
}

function Mean({ topic }: { topic: TopicRow }) {
  const mean = meanBytes(topic);
  return Number.isNaN(mean) ? <span className="t3">—</span> : exactNumber(Math.round(mean));
}

function Trouble({ topic }: { topic: TopicRow }) {
  if (topic.offline > 0) {
    return (
      <span className="st bad" title={`${topic.offline} offline`}>
        <Glyph icon={IconBad} small /> {topic.offline} off
      </span>
    );
  }
  if (topic.underReplicated === 0) return <span className="t3">0</span>;
  return (
    <span className="st bad">
      <Glyph icon={IconBad} small /> {topic.underReplicated}
    </span>
  );
}
