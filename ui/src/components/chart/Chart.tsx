import { type PointerEvent, type ReactNode, useMemo, useState } from "react";
import type { ChartView } from "../../ipc/bindings";
import { axisNumber, rate, shortNumber } from "../../lib/numbers";
import { clockTime, hourMinute } from "../../lib/time";
import { useZone } from "../clock";
import { readMarks, seriesColour } from "./marks";

const LEGEND_MAX = 4;

export interface ChartProps {
  title: string;
  note?: ReactNode;
  view: ChartView | undefined;
  /** Said instead of marks while there is nothing to draw. */
  none?: ReactNode;
}

/** Axes, legend, cross-hair and tooltip around the plotter's marks. */
export function Chart({ title, note, view, none }: ChartProps) {
  const zone = useZone();
  const marks = useMemo(() => (view ? readMarks(view.svg) : undefined), [view]);
  const [hover, setHover] = useState<number>();
  const drawn = view?.series.some((series) => series.points.length > 0);

  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!view) return;
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    setHover(view.x.min + share * (view.x.max - view.x.min));
  };

  const across = (x: number) =>
    `${view ? (100 * (x - view.x.min)) / Math.max(1, view.x.max - view.x.min) : 0}%`;
  const down = (y: number) =>
    `${view ? 100 - (100 * (y - view.y.min)) / Math.max(Number.EPSILON, view.y.max - view.y.min) : 0}%`;
  const at = view && hover !== undefined ? nearestX(view, hover) : undefined;

  return (
    <figure className="chart grow" aria-label={`${title}${view ? `, ${spoken(view)}` : ""}`}>
      <div className="title">
        <span>{title}</span>
        {note && <span className="note">{note}</span>}
        {view && (
          <span className="legend">
            {view.series.slice(0, LEGEND_MAX).map((series, index) => (
              <span key={series.name}>
                <i className="swatch" style={{ background: seriesColour(index) }} />
                <span className="cut">{series.name}</span> <b>{figure(series.latest, view)}</b>
              </span>
            ))}
            {view.series.length > LEGEND_MAX && <span>and {view.series.length - LEGEND_MAX} more</span>}
          </span>
        )}
      </div>
      <div className="plot">
        {view && drawn && (
          <>
            {view.y.ticks.map((tick) => (
              <span key={tick} className="y" style={{ top: down(tick) }}>
                {axisNumber(tick)}
              </span>
            ))}
            <div className="rules">
              {view.y.ticks.map((tick) => (
                <div key={tick} className="rule" style={{ top: down(tick) }} />
              ))}
              {view.gaps.map((gap) => (
                <div
                  key={gap.from}
                  className="gap"
                  title="nothing was measured here"
                  style={{ left: across(gap.from), right: `calc(100% - ${across(gap.to)})` }}
                />
              ))}
            </div>
            <div className="marks" onPointerMove={onPointerMove} onPointerLeave={() => setHover(undefined)}>
              {marks && (
                <svg className="drawn" viewBox={marks.viewBox} preserveAspectRatio="none" aria-hidden>
                  {marks.shapes}
                </svg>
              )}
              {at !== undefined && (
                <>
                  <div className="cross" style={{ left: across(at) }} />
                  <div className="tip" style={tipPlace(view, at)}>
                    <b>{clockTime(at, zone, false)}</b>
                    {view.series.map((series, index) => (
                      <span key={series.name}>
                        <i className="swatch" style={{ background: seriesColour(index) }} />
                        {series.name}
                        <b>{figure(valueAt(series.points, at), view)}</b>
                      </span>
                    ))}
                  </div>
                </>
              )}
            </div>
          </>
        )}
        {!drawn && <div className="none">{none}</div>}
      </div>
      <div className="xs">
        {drawn &&
          view?.x.ticks.map((tick) => (
            <span key={tick} style={{ left: across(tick) }}>
              {hourMinute(tick, zone)}
            </span>
          ))}
      </div>
    </figure>
  );
}

function figure(value: number | null | undefined, view: ChartView): string {
  if (value === null || value === undefined) return "—";
  return view.y.unit.includes("/s") || !Number.isInteger(value) ? rate(value) : shortNumber(value);
}

function nearestX(view: ChartView, x: number): number | undefined {
  let best: number | undefined;
  for (const [at] of view.series[0]?.points ?? []) {
    if (best === undefined || Math.abs(at - x) < Math.abs(best - x)) best = at;
  }
  return best;
}

function valueAt(points: [number, number | null][], x: number): number | null | undefined {
  return points.find(([at]) => at === x)?.[1];
}

function tipPlace(view: ChartView, at: number) {
  const share = (at - view.x.min) / Math.max(1, view.x.max - view.x.min);
  return share > 0.5
    ? { right: `calc(${(1 - share) * 100}% + 8px)` }
    : { left: `calc(${share * 100}% + 8px)` };
}

function spoken(view: ChartView): string {
  return view.series.map((series) => `${series.name} ${figure(series.latest, view)}`).join(", ");
}
