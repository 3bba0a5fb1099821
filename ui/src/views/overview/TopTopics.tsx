import { useMemo } from "react";
import { BytesCell, CellView, NumberCell, RateCell } from "../../components/cells";
import { Age } from "../../components/clock";
import type { Column } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import { Link, useNavigation } from "../../components/navigation";
import { Empty } from "../../components/states";
import { Cleanup } from "../../features/Cleanup";
import type { ClusterId, TopicRow } from "../../ipc/bindings";
import { hrefs } from "../../lib/hrefs";

const key = (topic: TopicRow) => topic.name;

export function TopTopics({ clusterId, topics }: { clusterId: ClusterId; topics: TopicRow[] }) {
  const navigation = useNavigation();
  const columns = useMemo<Column<TopicRow>[]>(
    () => [
      {
        id: "name",
        head: "Topic",
        width: "minmax(0,1fr)",
        look: "mono",
        cell: (topic) => (
          <Link href={hrefs.topic(clusterId, topic.name)} className="noun">
            {topic.name}
          </Link>
        ),
      },
      { id: "partitions", head: "P", width: "48px", look: "num", cell: (topic) => topic.partitions },
      {
        id: "records",
        head: "Records",
        width: "88px",
        look: "num",
        cell: (topic) => <NumberCell cell={topic.records} />,
      },
      {
        id: "rate",
        head: "In, /s",
        width: "72px",
        look: "num",
        cell: (topic) => <RateCell cell={topic.ratePerSec} />,
      },
      {
        id: "size",
        head: "Size",
        width: "84px",
        look: "num",
        above: 520,
        cell: (topic) => <BytesCell cell={topic.logBytes} />,
      },
      {
        id: "cleanup",
        head: "Cleanup",
        width: "112px",
        look: "after",
        above: 600,
        cell: (topic) => <Cleanup topic={topic} />,
      },
      {
        id: "last",
        head: "Last record",
        width: "96px",
        above: 460,
        look: "after",
        cell: (topic) => (
          <CellView cell={topic.lastRecordAt}>
            {(at) => (at > 0 ? <Age at={at} className="t2" /> : <span className="t3">never</span>)}
          </CellView>
        ),
      },
    ],
    [clusterId],
  );
  const source = useListSource(topics, key);
  return (
    <DataGrid
      name="Topics by rate"
      natural
      source={source}
      columns={columns}
      openOnClick
      onOpen={(topic, newTab) => {
        const href = hrefs.topic(clusterId, topic.name);
        if (newTab) navigation.openTab(href);
        else navigation.go(href);
      }}
      empty={
        <Empty
          title="No topics yet"
          action={
            <Link href={hrefs.topics(clusterId, "?create=1")} className="link">
              Create topic…
            </Link>
          }
        >
          An app can also produce to one that is not there yet, where the brokers allow it.
        </Empty>
      }
    />
  );
}
