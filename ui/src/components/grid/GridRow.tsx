import type { MouseEvent } from "react";
import { type Column, lookClass } from "./columns";

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
  onClick: (event: MouseEvent, row: R) => void;
  onDoubleClick: () => void;
  onMiddleClick: () => void;
  onContextMenu: (event: MouseEvent, row: R) => void;
}

export function GridRow<R>(props: GridRowProps<R>) {
  const { row, index, columns } = props;
  return (
    <div
      id={props.id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={props.active}
      aria-level={props.level}
      aria-expanded={props.expanded}
      className={`gr ${props.active ? "on" : ""} ${props.className}`}
      onClick={(event) => props.onClick(event, row)}
      onDoubleClick={props.onDoubleClick}
      onAuxClick={(event) => event.button === 1 && props.onMiddleClick()}
      onContextMenu={(event) => props.onContextMenu(event, row)}
    >
      {columns.map((column) => (
        <span key={column.id} role="gridcell" className={lookClass(column.look)}>
          {column.cell(row, index)}
        </span>
      ))}
    </div>
  );
}
