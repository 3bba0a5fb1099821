import { type CSSProperties, memo, useMemo, useState } from "react";
import type { ChartView } from "../../ipc/bindings";
import {
  type ChartRow,
  chartRows,
  isGap,
  NOT_MEASURED,
  rowKey,
  rowsText,
  rowText,
  type Sample,
} from "../../lib/chartRows";
import { counted } from "../../lib/numbers";
import type { Old } from "../../lib/old";
import { safeWords } from "../../lib/safeText";
import { clockTime, dateTime, duration, type TimeZoneMode } from "../../lib/time";
import { Button } from "../Button";
import { copyAndSay } from "../CopyButton";
import { useZone } from "../clock";
import type { Column } from "../grid/columns";
import { DataGrid } from "../grid/DataGrid";
import { useListSource } from "../grid/rowSource";
import { IconCopy } from "../icons";
import { Empty } from "../states";
import { SafeLine } from "../text";
import { exactFigure } from "./figures";
import { seriesColour } from "./marks";
import type { Brush } from "./useBrush";

/** Columns keep these widths; where there are more of them than fit, the table is scrolled sideways. */
const TIME_PX = 112;
const LINE_PX = 120;
/** Wider columns would part a number from its time. */
const LINE_MAX_PX = 168;
const SIDES_PX = 20;

export interface ChartTableProps {
  title: string;
  /** What the chart shows. */
  view: ChartView;
  old: Old | undefined;
  chosen: Brush["chosen"];
  /** Takes the time of the row that is picked. */
  onPoint: Brush["point"];
}

/** The samples that the chart shows as rows, the newest first. A row that is picked has the cross-hair. */
export const ChartTable = memo(function ChartTable(props: ChartTableProps) {
  const { title, view, old, chosen, onPoint } = props;
  const zone = useZone();
  const rows = useMemo(() => chartRows(view), [view]);
  const columns = useMemo(() => tableColumns(view, zone), [view, zone]);
  const source = useListSource(rows, rowKey, true);
  const [picked, setPicked] = useState<string>();
  const pick = (row: ChartRow | undefined) => {
    setPicked(row && rowKey(row));
    onPoint(row === undefined || isGap(row) ? undefined : row.at);
  };
  const copy = () => void copyAndSay(rowsText(view, rows), "Table");
  const least = { "--least": `${TIME_PX + LINE_PX * view.series.length + SIDES_PX}px` } as CSSProperties;
  const samples = rows.filter((row) => !isGap(row)).length;
  return (
    <section className="chart-table" style={least} aria-label={`Table of ${title}`}>
      <div className="over">
        <span>{counted(samples, "sample")}, newest first</span>
        <Button small kind="quiet" icon={IconCopy} name={`Copy table of ${title}`} onClick={copy}>
          Copy
        </Button>
      </div>
      <DataGrid
        // Another part of the time is another list; in the same one new rows come at the top.
        key={chosen ? `${chosen.from} ${chosen.to}` : "whole"}
        name={`Samples of ${title}`}
        source={source}
        columns={columns}
        selected={picked}
        onSelect={pick}
        rowClass={() => (old ? "dim" : "")}
        menu={(row) => [
          {
            label: "Copy row",
            icon: IconCopy,
            run: () => void copyAndSay(rowText(row, view.series.length), "Row"),
          },
        ]}
        empty={<Empty title="No sample in this part of the time" />}
      />
    </section>
  );
});

function tableColumns(view: ChartView, zone: TimeZoneMode): Column<ChartRow>[] {
  const lines = view.series.map(
    ({ name }, line): Column<ChartRow> => ({
      id: String(line),
      head: `${name}, ${view.y.unit}`,
      headCell: <LineHead name={name} unit={view.y.unit} colour={seriesColour(line)} />,
      width: `minmax(${LINE_PX}px,${LINE_MAX_PX}px)`,
      look: "num",
      cell: (row) =>
        isGap(row) ? (
          <span className="t3 word">{NOT_MEASURED}</span>
        ) : (
          <Figure sample={row.samples[line]} view={view} zone={zone} />
        ),
    }),
  );
  return [
    {
      id: "time",
      head: "Time",
      width: `${TIME_PX}px`,
      look: "mono",
      cell: (row) => <When row={row} zone={zone} />,
    },
    ...lines,
  ];
}

function LineHead({ name, unit, colour }: { name: string; unit: string; colour: string }) {
  return (
    <span className="line-head" title={safeWords(`${name}, ${unit}`)}>
      <i className="swatch" style={{ background: colour }} />
      <span className="cut">
        <SafeLine text={name} />
      </span>
      <span>{unit}</span>
    </span>
  );
}

function When({ row, zone }: { row: ChartRow; zone: TimeZoneMode }) {
  if (isGap(row)) {
    const { from, to } = row.gap;
    const title = `${dateTime(from, zone)} to ${dateTime(to, zone)}`;
    return (
      <span className="t3 word" title={title}>
        gap of {duration(to - from)}
      </span>
    );
  }
  return <span title={dateTime(row.at, zone)}>{clockTime(row.at, zone, false)}</span>;
}

function Figure(props: { sample: Sample | undefined; view: ChartView; zone: TimeZoneMode }) {
  const { sample, view, zone } = props;
  if (!sample) {
    return (
      <span className="t3" title="not measured at this time">
        —
      </span>
    );
  }
  const exact = `${sample.value} ${view.y.unit}, ${clockTime(sample.at, zone)}`;
  return <span title={exact}>{exactFigure(sample.value, view)}</span>;
}
