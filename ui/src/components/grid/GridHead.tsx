import { type CSSProperties, type RefObject, useLayoutEffect, useState } from "react";
import { Glyph } from "../Glyph";
import { IconSortDown, IconSortUp } from "../icons";
import { type Column, lookClass, nextSort, type Sort } from "./columns";

export interface GridHeadProps<R> {
  columns: readonly Column<R>[];
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  body: RefObject<HTMLDivElement | null>;
}

/** Heads stand outside the scrolling body, so they must leave the scroll bar's width free. */
export function GridHead<R>({ columns, sort, onSort, body }: GridHeadProps<R>) {
  const [barPx, setBarPx] = useState(0);
  useLayoutEffect(() => {
    const element = body.current;
    if (!element) return;
    const measure = () => setBarPx(element.offsetWidth - element.clientWidth);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, [body]);

  return (
    <div className="gh" role="row" aria-rowindex={1} style={{ "--bar-width": `${barPx}px` } as CSSProperties}>
      {columns.map((column) => {
        const on = sort?.column === column.id;
        const arrow = on && <Glyph icon={sort.descending ? IconSortDown : IconSortUp} />;
        const sortable = column.order && onSort;
        return (
          <span
            key={column.id}
            role="columnheader"
            className={lookClass(column.look)}
            aria-sort={on ? (sort.descending ? "descending" : "ascending") : undefined}
          >
            {sortable ? (
              <button type="button" onClick={() => onSort(nextSort(sort, column))}>
                {column.look?.startsWith("num") && arrow}
                {column.head}
                {!column.look?.startsWith("num") && arrow}
              </button>
            ) : (
              <span className={column.spoken ? "sr" : undefined}>{column.head}</span>
            )}
          </span>
        );
      })}
    </div>
  );
}
