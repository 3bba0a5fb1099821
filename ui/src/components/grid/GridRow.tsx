import { type MouseEvent, memo } from "react";
import { type Column, lookClass } from "./columns";

export interface RowActs<R> {
  onClick: (event: MouseEvent, row: R) => void;
  onDoubleClick: (row: R) => void;
  onMiddleClick: (row: R) => void;
  onContextMenu: (event: MouseEvent, row: R) => void;
}

export interface GridRowProps<R> {
  row: R;
  index: number;
  id: string;
  columns: readonly Column<R>[];
  active: boolean;
  className: string;
  /** A row of a tree: how deep it stands, and whether it is open if it holds others. */
  level?: number;
  expanded?: boolean;
  /** Stays the same object, so that a row is drawn again only when it changes. */
  acts: RowActs<R>;
}

function Row<R>(props: GridRowProps<R>) {
  const { row, index, columns, acts } = props;
  return (
    <div
      id={props.id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={props.active}
      aria-level={props.level}
      aria-expanded={props.expanded}
      className={`gr ${props.active ? "on" : ""} ${props.className}`}
      onClick={(event) => acts.onClick(event, row)}
      onDoubleClick={() => acts.onDoubleClick(row)}
      onAuxClick={(event) => event.button === 1 && acts.onMiddleClick(row)}
      onContextMenu={(event) => acts.onContextMenu(event, row)}
    >
      {columns.map((column) => (
        <span key={column.id} role="gridcell" className={lookClass(column.look)}>
          {column.cell(row, index)}
        </span>
      ))}
    </div>
  );
}

export const GridRow = memo(Row) as typeof Row;
