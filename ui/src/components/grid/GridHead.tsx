import { Glyph } from "../Glyph";
import { IconSortDown, IconSortUp } from "../icons";
import { type Column, lookClass, nextSort, type Sort } from "./columns";

export interface GridHeadProps<R> {
  columns: readonly Column<R>[];
  sort?: Sort;
  onSort?: (sort: Sort) => void;
}

/** Sticks to the top of what scrolls, so that heads and cells always share one width. */
export function GridHead<R>({ columns, sort, onSort }: GridHeadProps<R>) {
  return (
    <div className="gh" role="row" aria-rowindex={1}>
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
            {column.headCell ??
              (sortable ? (
                <button type="button" onClick={() => onSort(nextSort(sort, column))}>
                  {column.look?.startsWith("num") && arrow}
                  {column.head}
                  {!column.look?.startsWith("num") && arrow}
                </button>
              ) : (
                <span className={column.spoken ? "sr" : undefined}>{column.head}</span>
              ))}
          </span>
        );
      })}
    </div>
  );
}
