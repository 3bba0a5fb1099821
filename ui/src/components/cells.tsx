// A cell has four states, and each looks different. The words on hover are titles: a grid has hundreds of
// cells, and each part of its own for them would be made before anything is seen.
import type { ReactNode } from "react";
import type { Cell } from "../ipc/bindings";
import { PENDING, UNKNOWN } from "../lib/brand";
import { bytes, exactNumber, rate, shortNumber } from "../lib/numbers";
import { asOld, oldest, oldOf } from "../lib/old";
import { Glyph } from "./Glyph";
import { IconWarn } from "./icons";
import { OldValue } from "./OldValue";

export interface CellViewProps<T> {
  cell: Cell<T>;
  /** The value in full, on hover. */
  exact?: (value: T) => string;
  children: (value: T) => ReactNode;
}

/** A value of an answer before the newest one is dim and says as of when it is. */
export function CellView<T>({ cell, exact, children }: CellViewProps<T>) {
  switch (cell.state) {
    case "pending":
      return (
        <span className="t3" title="not known yet">
          {PENDING}
        </span>
      );
    case "value": {
      const old = oldOf(cell);
      const title = exact?.(cell.value);
      if (old) {
        return (
          <OldValue old={old} exact={title}>
            {children(cell.value)}
          </OldValue>
        );
      }
      return title === undefined ? children(cell.value) : <span title={title}>{children(cell.value)}</span>;
    }
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
    <CellView cell={cell} exact={exactNumber}>
      {shortNumber}
    </CellView>
  );
}

export function BytesCell({ cell }: { cell: Cell<number> }) {
  return (
    <CellView cell={cell} exact={(value) => `${exactNumber(value)} bytes`}>
      {bytes}
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

/** How many of the replicas are in sync, out of all there are. */
export function InSync({ of: { inSync, replicas } }: { of: { inSync: number; replicas: number } }) {
  return (
    <span className={inSync < replicas ? "warn" : ""}>
      {exactNumber(inSync)}
      <span className="t3">/{exactNumber(replicas)}</span>
    </span>
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

/** Returns a value as a cell, as old as what it was made of. */
export function known<T>(value: T, of: readonly Cell<unknown>[] = []): Cell<T> {
  const old = of.some(oldOf) ? oldest(of.map(oldOf)) : undefined;
  return old ? asOld({ state: "value", value }, old) : { state: "value", value };
}
