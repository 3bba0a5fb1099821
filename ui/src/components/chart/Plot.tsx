import type { ChartView } from "../../ipc/bindings";
import { axisNumber } from "../../lib/numbers";
import { clockTime } from "../../lib/time";
import { useZone } from "../clock";
import { figure, nearestX, valueAt } from "./figures";
import { type Marks, seriesColour } from "./marks";
import type { Brush } from "./useBrush";

export interface PlotProps {
  title: string;
  /** What is shown: the whole, or the part that was chosen. */
  view: ChartView;
  marks: Marks | undefined;
  viewBox: string | undefined;
  brush: Brush;
}

/** Marks with rules, cross-hair, tooltip, and the part of time that is being chosen. */
export function Plot({ title, view, marks, viewBox, brush }: PlotProps) {
  const zone = useZone();
  const across = (x: number) => `${(100 * (x - view.x.min)) / Math.max(1, view.x.max - view.x.min)}%`;
  const down = (y: number) =>
    `${100 - (100 * (y - view.y.min)) / Math.max(Number.EPSILON, view.y.max - view.y.min)}%`;
  const at = brush.hover === undefined ? undefined : nearestX(view, brush.hover);
  return (
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
      <div
        className="marks"
        role="application"
        aria-label={`${title}: arrows read it, Shift with arrows chooses a part of the time, Escape shows all`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is read and zoomed by keys.
        tabIndex={0}
        {...brush.handlers}
      >
        {marks && (
          <svg className="drawn" viewBox={viewBox} preserveAspectRatio="none" aria-hidden>
            {marks.shapes}
          </svg>
        )}
        {brush.choosing && (
          <div
            className="brush"
            style={{
              left: across(brush.choosing.from),
              right: `calc(100% - ${across(brush.choosing.to)})`,
            }}
          />
        )}
        {at !== undefined && (
          <>
            <div className="cross" style={{ left: across(at) }} />
            <div className="tip" role="status" style={tipPlace(view, at)}>
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
  );
}

function tipPlace(view: ChartView, at: number) {
  const share = (at - view.x.min) / Math.max(1, view.x.max - view.x.min);
  return share > 0.5
    ? { right: `calc(${(1 - share) * 100}% + 8px)` }
    : { left: `calc(${share * 100}% + 8px)` };
}
