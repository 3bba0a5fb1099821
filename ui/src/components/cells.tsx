// A cell has four states, and each looks different. The words on hover are titles: a grid has hundreds of
// cells, and each part of its own for them would be made before anything is seen.
import type { ReactNode } from "react";
import type { Cell } from "../ipc/bindings";
import { PENDING, UNKNOWN } from "../lib/brand";
import { bytes, exactNumber, rate, shortNumber } from "../lib/numbers";
import { Glyph } from "./Glyph";
import { IconWarn } from "./icons";

export function CellView<T>({ cell, children }: { cell: Cell<T>; children: (value: T) => ReactNode }) {
  switch (cell.state) {
    case "pending":
      return (
        <span className="t3" title="not known yet">
          {PENDING}
        </span>
      );
    case "value":
      return <>{children(cell.value)}</>;
    case "unavailable":
      return (
        <span className="t3" role="note" title={cell.reason} aria-label={`not available: ${cell.reason}`}>
          {UNKNOWN}
        </span>
      );
    case "failed":
      return (
        <span
          className="warn st"
          role="note"
          title={`${cell.error.what}. ${cell.error.why}`}
          aria-label={`failed: ${cell.error.what}`}
        >
          <Glyph icon={IconWarn} small />
          failed
        </span>
      );
  }
}

export function NumberCell({ cell }: { cell: Cell<number> }) {
  return (
    <CellView cell={cell}>{(value) => <span title={exactNumber(value)}>{shortNumber(value)}</span>}</CellView>
  );
}

export function BytesCell({ cell }: { cell: Cell<number> }) {
  return (
    <CellView cell={cell}>
      {(value) => <span title={`${exactNumber(value)} bytes`}>{bytes(value)}</span>}
    </CellView>
  );
}

export function RateCell({ cell }: { cell: Cell<number> }) {
  return (
    <CellView cell={cell}>
      {(value) => <span className={value === 0 ? "t3" : ""}>{rate(value)}</span>}
    </CellView>
  );
}

/** For sorting: cells without a value stand below every value. */
export function cellNumber(cell: Cell<number>): number {
  return cell.state === "value" ? cell.value : Number.NEGATIVE_INFINITY;
}

export function cellText(cell: Cell<string>): string {
  return cell.state === "value" ? cell.value : "";
}

export function cellValue<T>(cell: Cell<T> | undefined): T | undefined {
  return cell?.state === "value" ? cell.value : undefined;
}

export function known<T>(value: T): Cell<T> {
  return { state: "value", value };
}
