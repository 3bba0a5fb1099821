import { BytesCell, CellView, cellNumber, cellText, NumberCell, RateCell } from "../../components/cells";
import { Age } from "../../components/clock";
import { Glyph } from "../../components/Glyph";
import { byNumber, byText, type Column } from "../../components/grid/columns";
import { IconBad } from "../../components/icons";
import { Link } from "../../components/navigation";
import { Cleanup } from "../../features/Cleanup";
import type { ClusterId, TopicRow } from "../../ipc/bindings";
import { hrefs } from "../../lib/hrefs";

/** Sizes on disk are known of the local cluster only; elsewhere their column would stay empty. */
export function topicColumns(clusterId: ClusterId, sizes: boolean): Column<TopicRow>[] {
  const columns: Column<TopicRow>[] = [
    {
      id: "name",
      head: "Topic",
      width: "minmax(140px,1fr)",
      look: "mono",
      order: byText((topic) => topic.name),
      cell: (topic) => (
        <Link href={hrefs.topic(clusterId, topic.name)} className="noun">
          {topic.name}
        </Link>
      ),
    },
    {
      id: "partitions",
      head: "P",
      width: "48px",
      look: "num",
      order: byNumber((t) => t.partitions),
      cell: (t) => t.partitions,
    },
    {
      id: "rf",
      head: "RF",
      width: "44px",
      look: "num",
      order: byNumber((t) => t.replicationFactor),
      cell: (t) => t.replicationFactor,
    },
    {
      id: "trouble",
      head: "Under-repl.",
      width: "84px",
      look: "num",
      order: byNumber((t) => t.underReplicated + t.offline * 1000),
      cell: (topic) => <Trouble topic={topic} />,
    },
    {
      id: "rate",
      head: "In, /s",
      width: "76px",
      look: "num",
      order: byNumber((t) => cellNumber(t.ratePerSec)),
      cell: (t) => <RateCell cell={t.ratePerSec} />,
    },
    {
      id: "records",
      head: "Records",
      width: "88px",
      look: "num",
      order: byNumber((t) => cellNumber(t.records)),
      cell: (t) => <NumberCell cell={t.records} />,
    },
    {
      id: "size",
      head: "Size",
      width: "84px",
      look: "num",
      above: 700,
      order: byNumber((t) => cellNumber(t.logBytes)),
      cell: (t) => <BytesCell cell={t.logBytes} />,
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
      id: "last",
      head: "Last record",
      width: "96px",
      look: "num ui",
      order: byNumber((t) => cellNumber(t.lastRecordAt)),
      cell: (topic) => (
        <CellView cell={topic.lastRecordAt}>
          {(at) => (at > 0 ? <Age at={at} /> : <span className="t3">never</span>)}
        </CellView>
      ),
    },
  ];
  return sizes ? columns : columns.filter((column) => column.id !== "size");
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
