import { type ReactNode, useMemo, useRef } from "react";
import type { ChartView } from "../../ipc/bindings";
import { cropped, croppedBox, fromFirst } from "../../lib/chartRange";
import { type Old, sentence } from "../../lib/old";
import { safeWords } from "../../lib/safeText";
import { clockTime, hourMinute } from "../../lib/time";
import { Button } from "../Button";
import { useZone } from "../clock";
import { Glyph } from "../Glyph";
import { IconWarn } from "../icons";
import { usePageActions } from "../pageActions";
import { ChartMenu, type ChartMenuProps } from "./ChartMenu";
import { ChartTable } from "./ChartTable";
import { changeWord, figure } from "./figures";
import { readMarks, seriesColour } from "./marks";
import { Plot } from "./Plot";
import { useBrush } from "./useBrush";

const LEGEND_MAX = 4;

/** Whether the numbers stand below the drawing as a table, and who remembers it. */
export interface TableChoice {
  shown: boolean;
  onShown: (shown: boolean) => void;
}

export interface ChartProps {
  title: string;
  note?: ReactNode;
  view: ChartView | undefined;
  /** Said instead of marks while there is nothing to draw. */
  none?: ReactNode;
  /** Takes the files that the chart is exported to. */
  onSave?: ChartMenuProps["onSave"];
  table?: TableChoice;
  /** Set where what is drawn is what was measured last, and not how things are. */
  old?: Old;
}

/** Axes, legend, cross-hair and tooltip around the plotter's marks; a part of the time can be chosen. */
export function Chart({ title, note, view: all, none, onSave, table, old }: ChartProps) {
  const zone = useZone();
  const figureBox = useRef<HTMLElement>(null);
  const drawing = useMemo(() => (all ? readMarks(all.svg) : undefined), [all]);
  const shown = useMemo(() => all && fromFirst(all, drawing?.viewBox), [all, drawing]);
  const { view: whole, viewBox: wholeBox } = shown ?? {};
  const brush = useBrush(whole);
  const { range } = brush;
  const view = useMemo(() => (whole && range ? cropped(whole, range) : whole), [whole, range]);
  const drawn = whole?.series.some((series) => series.points.length > 0);
  const viewBox =
    wholeBox && whole && range
      ? croppedBox(wholeBox, { from: whole.x.min, to: whole.x.max }, range)
      : wholeBox;
  const across = (x: number) =>
    `${view ? (100 * (x - view.x.min)) / Math.max(1, view.x.max - view.x.min) : 0}%`;
  // A short part of the time needs its seconds.
  const tickWord = (at: number) =>
    view && view.x.max - view.x.min < SECONDS_BELOW_MS ? clockTime(at, zone, false) : hourMinute(at, zone);

  return (
    <figure
      ref={figureBox}
      className={`chart grow ${old ? "old" : ""}`}
      aria-label={`${title}${whole ? `, ${spoken(whole)}` : ""}`}
    >
      <div className="title">
        <span>{title}</span>
        {note && <span className="note">{note}</span>}
        {old && <AsOf old={old} />}
        {range && (
          <Button small kind="quiet" title="Show all of the time (Esc)" onClick={brush.reset}>
            Whole range
          </Button>
        )}
        {view && <Legend view={view} />}
        <span className="acts">
          {table && <TableToggle title={title} {...table} />}
          {view && drawn && onSave && (
            <ChartMenu title={title} view={view} place={() => figureBox.current} onSave={onSave} />
          )}
        </span>
      </div>
      <div className="plot">
        {view && drawn && <Plot title={title} view={view} marks={drawing} viewBox={viewBox} brush={brush} />}
        {!drawn && <div className="none">{none}</div>}
      </div>
      <div className="xs">
        {drawn &&
          view &&
          fewTicks(view.x.ticks).map((tick) => (
            <span key={tick} className={edge(tick, view.x)} style={{ left: across(tick) }}>
              {tickWord(tick)}
            </span>
          ))}
      </div>
      {table?.shown && view && drawn && (
        <ChartTable title={title} view={view} old={old} chosen={brush.chosen} onPoint={brush.point} />
      )}
    </figure>
  );
}

function TableToggle({ title, shown, onShown }: TableChoice & { title: string }) {
  const toggle = () => onShown(!shown);
  usePageActions([
    {
      id: `chart ${title} table`,
      label: `${shown ? "Hide" : "Show"} the table of ${title}`,
      run: toggle,
    },
  ]);
  return (
    <Button small kind="quiet" name={`Table of ${title}`} pressed={shown} onClick={toggle}>
      Table
    </Button>
  );
}

/** As of when it is what it shows; why there is nothing newer is said on hover. */
function AsOf({ old }: { old: Old }) {
  const zone = useZone();
  return (
    <span className="note as-of" role="note" title={safeWords(sentence(old.why))}>
      <Glyph icon={IconWarn} small className="warn" />
      As of {clockTime(old.asOf, zone, false)}
    </span>
  );
}

const SECONDS_BELOW_MS = 5 * 60_000;
const TICKS_MAX = 5;
/** Nearer than this to an edge, in parts of the width, half of a tick's word would stand over it. */
const EDGE = 0.05;

/** Every second or third of them, so that their words do not run together. */
function fewTicks(ticks: readonly number[]): readonly number[] {
  const step = Math.ceil(ticks.length / TICKS_MAX);
  return ticks.filter((_, index) => index % step === 0);
}

function edge(tick: number, { min, max }: ChartView["x"]): string | undefined {
  const share = (tick - min) / Math.max(1, max - min);
  return share < EDGE ? "first" : share > 1 - EDGE ? "last" : undefined;
}

function Legend({ view }: { view: ChartView }) {
  return (
    <span className="legend">
      {view.series.slice(0, LEGEND_MAX).map((series, index) => (
        <span key={series.name}>
          <i className="swatch" style={{ background: seriesColour(index) }} />
          <span className="cut">{series.name}</span> <b>{figure(series.latest, view)}</b>{" "}
          {changeWord(series.changePerSec)}
        </span>
      ))}
      {view.series.length > LEGEND_MAX && <span>and {view.series.length - LEGEND_MAX} more</span>}
    </span>
  );
}

function spoken(view: ChartView): string {
  return view.series.map((series) => `${series.name} ${figure(series.latest, view)}`).join(", ");
}
