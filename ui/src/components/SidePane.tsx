import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from "react";
import { usePaneFocusReturn } from "./focusReturn";

const STEP = 16;
/** What it leaves of the window to the list beside it. */
const SHARE_MAX = 0.37;

export interface SidePaneProps {
  name: string;
  width: number;
  min?: number;
  max?: number;
  onWidth: (width: number) => void;
  onClose: () => void;
  children: ReactNode;
}

/** The inspector's pane at the right; its left edge can be dragged or moved with the arrow keys. */
export function SidePane({ name, width, min = 280, max = 900, onWidth, onClose, children }: SidePaneProps) {
  const [dragging, setDragging] = useState<number>();
  const pane = useRef<HTMLElement>(null);
  usePaneFocusReturn(pane);
  const clamp = (value: number) => Math.max(min, Math.min(max, value, innerWidth * SHARE_MAX));
  const shown = clamp(dragging ?? width);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setDragging(shown);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (dragging === undefined) return;
    const right = event.currentTarget.parentElement?.getBoundingClientRect().right ?? innerWidth;
    setDragging(clamp(right - event.clientX));
  };
  const onPointerUp = () => {
    if (dragging !== undefined) onWidth(dragging);
    setDragging(undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowLeft" ? STEP : event.key === "ArrowRight" ? -STEP : 0;
    if (step !== 0) onWidth(clamp(shown + step));
  };

  return (
    <section
      ref={pane}
      className="pane r"
      aria-label={name}
      style={{ width: shown }}
      onKeyDown={(event) => event.key === "Escape" && isOwn(event) && onClose()}
    >
      <div
        className="handle"
        role="separator"
        aria-orientation="vertical"
        aria-label={`Width of ${name}`}
        aria-valuenow={shown}
        aria-valuemin={min}
        aria-valuemax={max}
        tabIndex={0}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onKeyDown={onKeyDown}
      />
      {children}
    </section>
  );
}

/** A menu that the pane opened takes its own Escape. */
function isOwn({ currentTarget, target }: KeyboardEvent): boolean {
  if (!(target instanceof Element) || !currentTarget.contains(target)) return false;
  return target.closest('[aria-haspopup="menu"][aria-expanded="true"]') === null;
}
