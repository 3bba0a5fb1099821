import { useState } from "react";
import { Button } from "../../components/Button";
import { BytesCell, CellView, cellNumber } from "../../components/cells";
import { Glyph } from "../../components/Glyph";
import { byNumber, type Column, type Sort, sorted } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import { IconAdd, IconBad, IconWarn } from "../../components/icons";
import { useNavigation } from "../../components/navigation";
import { Waiting } from "../../components/states";
import { AddPartitionsDialog } from "../../features/AddPartitionsDialog";
import { PlanForm } from "../../features/PlanForm";
import type { ClusterId, PartitionRow, Seen, TopicDetail } from "../../ipc/bindings";
import type { Answer } from "../../ipc/call";
import { hrefs } from "../../lib/hrefs";
import { exactDigits } from "../../lib/numbers";

/** A partition so much above the mean is worth a look at its keys. */
const UNEVEN = 2;

const key = (row: PartitionRow) => String(row.partition);

const columns: Column<PartitionRow>[] = [
  {
    id: "partition",
    head: "P",
    width: "56px",
    look: "num",
    order: byNumber((p) => p.partition),
    cell: (p) => p.partition,
  },
  {
    id: "leader",
    head: "Leader",
    width: "64px",
    look: "num",
    order: byNumber((p) => p.leader ?? -1),
    cell: (p) => <Leader row={p} />,
  },
  {
    id: "epoch",
    head: "Leader epoch",
    width: "96px",
    look: "num",
    above: 840,
    cell: (p) => p.leaderEpoch ?? "—",
  },
  {
    id: "replicas",
    head: "Replicas",
    width: "minmax(88px,1fr)",
    look: "mono after",
    cell: (p) => p.replicas.join(", "),
  },
  {
    id: "isr",
    head: "In sync",
    width: "minmax(120px,1fr)",
    look: "mono",
    order: byNumber((p) => p.isr.length),
    cell: (p) => <InSync row={p} />,
  },
  {
    id: "start",
    head: "Log start",
    width: "88px",
    look: "num",
    cell: (p) => <CellView cell={p.logStart}>{exactDigits}</CellView>,
  },
  {
    id: "end",
    head: "High watermark",
    width: "108px",
    look: "num",
    cell: (p) => <CellView cell={p.highWatermark}>{exactDigits}</CellView>,
  },
  {
    id: "span",
    head: "Span",
    width: "84px",
    look: "num",
    order: byNumber(spanNumber),
    cell: (p) => span(p),
  },
  {
    id: "size",
    head: "Size",
    width: "76px",
    look: "num",
    above: 620,
    order: byNumber((p) => cellNumber(p.logBytes)),
    cell: (p) => <BytesCell cell={p.logBytes} />,
  },
];

export interface PartitionsPartProps {
  clusterId: ClusterId;
  topic: string;
  detail: Answer<Seen<TopicDetail>>;
  refusal: string | undefined;
  adding: boolean;
  onAdding: (on: boolean) => void;
}

export function PartitionsPart({ clusterId, topic, detail, refusal, adding, onAdding }: PartitionsPartProps) {
  const navigation = useNavigation();
  const [sort, setSort] = useState<Sort>({ column: "partition", descending: false });
  const rows = detail.value?.value.partitions ?? [];
  const source = useListSource(sorted(rows, columns, sort), key);
  if (detail.loading) return <Waiting words="Reading partitions" />;
  return (
    <>
      <div className="bar">
        <span>
          {rows.filter((row) => row.isr.length < row.replicas.length).length} of {rows.length}{" "}
          under-replicated
        </span>
        <Skew rows={rows} />
        <span className="right">
          <Button small icon={IconAdd} disabledReason={refusal} onClick={() => onAdding(true)}>
            Add partitions
          </Button>
        </span>
      </div>
      <DataGrid
        name="Partitions"
        source={source}
        columns={columns}
        sort={sort}
        onSort={setSort}
        openOnClick
        onOpen={(row, newTab) => {
          const href = hrefs.topic(clusterId, topic, "messages", `?partitions=${row.partition}`);
          if (newTab) navigation.openTab(href);
          else navigation.go(href);
        }}
      />
      {adding && rows.length > 0 && (
        <PlanForm clusterId={clusterId} onClose={() => onAdding(false)} onApplied={detail.retry}>
          {(asking) => (
            <AddPartitionsDialog
              topic={topic}
              now={rows.length}
              asking={asking}
              onClose={() => onAdding(false)}
            />
          )}
        </PlanForm>
      )}
    </>
  );
}

function Leader({ row }: { row: PartitionRow }) {
  if (row.leader === undefined || row.leader === null || row.leader < 0) {
    return (
      <span className="st bad">
        <Glyph icon={IconBad} small /> none
      </span>
    );
  }
  return <>{row.leader}</>;
}

function InSync({ row }: { row: PartitionRow }) {
  const missing = row.replicas.filter((replica) => !row.isr.includes(replica));
  if (missing.length === 0) return <>{row.isr.join(", ")}</>;
  return (
    <span className="st warn">
      <Glyph icon={IconWarn} small />
      {row.isr.join(", ")} <span className="t3">without {missing.join(", ")}</span>
    </span>
  );
}

/** How unevenly records and leaders are spread, said only where there is something to compare. */
function Skew({ rows }: { rows: PartitionRow[] }) {
  const spans = rows.map(spanNumber).filter((one) => Number.isFinite(one));
  const mean = spans.reduce((sum, one) => sum + one, 0) / Math.max(1, spans.length);
  if (spans.length < 2 || mean === 0) return null;
  const most = Math.max(...spans) / mean;
  const leaders = new Map<number, number>();
  for (const row of rows) {
    if (row.leader !== undefined && row.leader !== null)
      leaders.set(row.leader, (leaders.get(row.leader) ?? 0) + 1);
  }
  const [low, high] = [Math.min(...leaders.values()), Math.max(...leaders.values())];
  return (
    <>
      <span className={most > UNEVEN ? "warn" : ""} title="the largest span, as a multiple of the mean">
        largest <b>{most.toFixed(1)}×</b> the mean
      </span>
      {leaders.size > 0 && (
        <span title="partitions that one broker leads">
          leaders <b>{low === high ? low : `${low}–${high}`}</b> a broker
        </span>
      )}
    </>
  );
}

function spanNumber(row: PartitionRow): number {
  if (row.logStart.state !== "value" || row.highWatermark.state !== "value") return Number.NaN;
  return Number(BigInt(row.highWatermark.value) - BigInt(row.logStart.value));
}

function span(row: PartitionRow): string {
  if (row.logStart.state !== "value" || row.highWatermark.state !== "value") return "—";
  return exactDigits((BigInt(row.highWatermark.value) - BigInt(row.logStart.value)).toString());
}
