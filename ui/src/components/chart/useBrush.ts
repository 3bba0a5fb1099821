// Choosing a part of a chart's time: dragged by the pointer, or with Shift and the arrows. Esc gives the whole back.
import { type KeyboardEvent, type PointerEvent, useMemo, useState } from "react";
import type { ChartView } from "../../ipc/bindings";
import { type TimeRange, within } from "../../lib/chartRange";

/** A press that moved less than this share of the width chose nothing. */
const SHARE_MIN = 0.01;

interface Choice {
  anchor: number;
  end: number;
}

export interface Brush {
  /** The part of time that is shown, if it is not the whole. */
  range: TimeRange | undefined;
  /** The same as it was chosen, which stands still while time moves on. */
  chosen: TimeRange | undefined;
  /** The part that is being chosen. */
  choosing: TimeRange | undefined;
  /** The moment under the cross-hair. */
  hover: number | undefined;
  reset: () => void;
  /** Puts the cross-hair at a moment. */
  point: (at: number | undefined) => void;
  handlers: {
    onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    onPointerUp: () => void;
    onPointerLeave: () => void;
    onKeyDown: (event: KeyboardEvent) => void;
    onKeyUp: (event: KeyboardEvent) => void;
    onBlur: () => void;
  };
}

export function useBrush(whole: ChartView | undefined): Brush {
  const [chosen, setChosen] = useState<TimeRange>();
  const [choice, setChoice] = useState<Choice>();
  const [hover, setHover] = useState<number>();
  const range = useMemo(() => whole && within(whole, chosen), [whole, chosen]);
  const axis = range ?? (whole && { from: whole.x.min, to: whole.x.max });
  const choosing = choice && ordered(choice);

  const momentOf = (event: PointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / Math.max(1, box.width)));
    return axis ? axis.from + share * (axis.to - axis.from) : 0;
  };
  const finish = (shareMin: number) => {
    const length = choosing ? choosing.to - choosing.from : 0;
    if (axis && length > shareMin * (axis.to - axis.from)) setChosen(choosing);
    setChoice(undefined);
  };
  const cancel = () => {
    setChoice(undefined);
    if (!choice) setChosen(undefined);
  };
  const step = (right: boolean, extend: boolean) => {
    const moments = (whole?.series[0]?.points ?? []).map(([at]) => at);
    const inside = moments.filter((at) => axis && at >= axis.from && at <= axis.to);
    const at = hover === undefined ? inside.length - 1 : nearest(inside, hover);
    // Five steps at once keep a long range reachable.
    const next = inside[Math.max(0, Math.min(inside.length - 1, at + (right ? 1 : -1) * (extend ? 5 : 1)))];
    if (next === undefined) return;
    setHover(next);
    if (extend) setChoice({ anchor: choice?.anchor ?? inside[at] ?? next, end: next });
  };
  return {
    range,
    chosen: range && chosen,
    choosing,
    hover,
    reset: () => setChosen(undefined),
    point: setHover,
    handlers: {
      onPointerDown(event) {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const at = momentOf(event);
        setChoice({ anchor: at, end: at });
      },
      onPointerMove(event) {
        const at = momentOf(event);
        setHover(at);
        if (choice && event.buttons === 1) setChoice({ ...choice, end: at });
      },
      onPointerUp: () => finish(SHARE_MIN),
      onPointerLeave: () => setHover(undefined),
      onKeyDown(event) {
        if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
          event.preventDefault();
          step(event.key === "ArrowRight", event.shiftKey);
        } else if (event.key === "Escape" && (choice || range)) {
          event.stopPropagation();
          cancel();
        }
      },
      onKeyUp(event) {
        if (event.key === "Shift" && choice) finish(0);
      },
      onBlur() {
        setHover(undefined);
        setChoice(undefined);
      },
    },
  };
}

function ordered({ anchor, end }: Choice): TimeRange {
  return { from: Math.min(anchor, end), to: Math.max(anchor, end) };
}

function nearest(moments: readonly number[], at: number): number {
  let best = 0;
  for (const [index, moment] of moments.entries())
    if (Math.abs(moment - at) < Math.abs((moments[best] ?? 0) - at)) best = index;
  return best;
}
