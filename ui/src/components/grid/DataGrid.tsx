import {
  type CSSProperties,
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { exactNumber } from "../../lib/numbers";
import { Glyph } from "../Glyph";
import { IconUp } from "../icons";
import { ContextMenu, type MenuEntries, type MenuPlace } from "../Menu";
import { useNavigation, wantsTab } from "../navigation";
import { type Column, NARROW_PX, type Sort } from "./columns";
import { GridHead } from "./GridHead";
import { GridRow, type RowActs } from "./GridRow";
import { keepPlace, placeKey, placeOf } from "./places";
import type { RowSource } from "./rowSource";
import { useGridWindow } from "./useGridWindow";
import { type Marks, useMarks } from "./useMarks";

export interface Branch {
  level: number;
  /** Whether it is open, if it holds others. */
  expanded?: boolean;
}

export interface DataGridProps<R> {
  /** Accessible name, such as "Records". */
  name: string;
  source: RowSource<R>;
  columns: readonly Column<R>[];
  sort?: Sort;
  onSort?: (sort: Sort) => void;
  selected?: string;
  onSelect?: (row: R | undefined) => void;
  /** Enter, double click, or a click where a row has a page of its own. */
  onOpen?: (row: R, newTab: boolean) => void;
  openOnClick?: boolean;
  menu?: (row: R) => MenuEntries;
  rowClass?: (row: R) => string;
  /** Boxes to tick rows with, where all rows are at hand. */
  marks?: Marks<R>;
  /** Makes a tree of the rows. */
  branch?: (row: R) => Branch;
  /** Left and right arrows on a row; answers the key of the row to go to, if any. */
  onFold?: (row: R, open: boolean) => string | undefined;
  empty?: ReactNode;
  /** As high as its rows, inside a page that scrolls; otherwise it fills its pane. */
  natural?: boolean;
  /** Rows stay where they are while more arrive. */
  hold?: boolean;
  footer?: ReactNode;
}

export function DataGrid<R>(props: DataGridProps<R>) {
  const { source, natural } = props;
  const root = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const id = useId();
  const rowPx = useRowHeight(root);
  const width = useWidth(root);
  const marks = useMarks(props.marks, source);
  const columns = useMemo(
    () =>
      (marks.column ? [marks.column, ...props.columns] : props.columns).filter(
        (column) => column.above === undefined || width === 0 || width >= column.above,
      ),
    [marks.column, props.columns, width],
  );
  const tight = width > 0 && width < NARROW_PX;
  const { href, returning } = useNavigation();
  // Both are read once: while the page changes, the address is already the next one's.
  const [place] = useState(() => placeKey(href, props.name));
  const [left] = useState(() => (returning ? placeOf(place) : undefined));
  const view = useGridWindow(
    source,
    body,
    rowPx,
    (props.hold ?? false) || props.selected !== undefined,
    left?.top ?? 0,
  );
  const { rows, first, count } = view.window;
  const shown = natural && source.all ? source.all : rows;
  const base = natural ? 0 : first;
  const drawn = natural ? { rows: shown, first: base } : view.drawn;
  const [menuAt, setMenuAt] = useState<MenuPlace>();

  const indexOf = (key: string | undefined) => {
    const at = key === undefined ? -1 : shown.findIndex((row) => source.key(row) === key);
    if (at >= 0) return base + at;
    return source.all && key !== undefined ? source.all.findIndex((row) => source.key(row) === key) : -1;
  };
  const [cursor, setCursor] = useState(left?.cursor);
  const active = props.onSelect ? props.selected : cursor;
  const activeIndex = indexOf(active);

  const latest = useRef({ top: view.top, cursor });
  latest.current = { top: view.top, cursor };
  useEffect(() => () => keepPlace(place, latest.current), [place]);

  const select = async (index: number, extend = false) => {
    const clamped = Math.max(0, Math.min(index, count - 1));
    if (count === 0) return;
    let row = shown[clamped - base] ?? source.all?.[clamped];
    if (!natural) view.scrollToIndex(clamped);
    row ??= (await source.window({ kind: "index", index: clamped }, 0, 0)).rows[0];
    if (row === undefined) return;
    setCursor(source.key(row));
    props.onSelect?.(row);
    if (extend) marks.extend(source.all?.[activeIndex], row);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== body.current) return;
    const row = activeIndex >= 0 ? (shown[activeIndex - base] ?? source.all?.[activeIndex]) : undefined;
    const target = stepTo(event.key, activeIndex, view.pageRows, count);
    if (marks.onKey(event, row)) return;
    if (target !== undefined && !event.altKey) {
      event.preventDefault();
      void select(target, event.shiftKey);
    } else if (/^Arrow(Left|Right)$/.test(event.key) && !event.altKey && row !== undefined && props.onFold) {
      event.preventDefault();
      const to = indexOf(props.onFold(row, event.key === "ArrowRight"));
      if (to >= 0) void select(to);
    } else if (event.key === "Enter" && row !== undefined) {
      event.preventDefault();
      props.onOpen?.(row, wantsTab(event));
    } else if (event.key === "Escape" && active !== undefined) {
      event.stopPropagation();
      setCursor(undefined);
      props.onSelect?.(undefined);
    } else if (
      (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) &&
      row !== undefined &&
      props.menu
    ) {
      event.preventDefault();
      const box = document.getElementById(`${id}-${activeIndex}`)?.getBoundingClientRect();
      setMenuAt({ x: (box?.left ?? 0) + 40, y: box?.bottom ?? 0, entries: props.menu(row) });
    }
  };

  // A list that a person tabs into shows where the arrows will start.
  const onFocus = (event: FocusEvent) => {
    const first = shown[0];
    if (event.target === body.current && active === undefined && !props.onSelect && first !== undefined) {
      setCursor(source.key(first));
    }
  };

  const rowActs = useRowActs<R>({
    onClick(event, row) {
      if ((event.target as HTMLElement).closest("a, button, input, .check")) return;
      setCursor(source.key(row));
      if (props.openOnClick) props.onOpen?.(row, wantsTab(event));
      else props.onSelect?.(row);
    },
    onDoubleClick: (row) => !props.openOnClick && props.onOpen?.(row, false),
    onMiddleClick: (row) => props.onOpen?.(row, true),
    onContextMenu(event, row) {
      if (!props.menu) return;
      event.preventDefault();
      setCursor(source.key(row));
      setMenuAt({ x: event.clientX, y: event.clientY, entries: props.menu(row) });
    },
  });

  const template = {
    "--cols": columns.map((column) => (tight ? column.narrow : undefined) ?? column.width).join(" "),
  } as CSSProperties;
  return (
    <div ref={root} className={`g ${natural ? "natural" : "fill"} ${tight ? "tight" : ""}`} style={template}>
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles take a name and a row that is active. */}
      <div
        ref={body}
        className="gscroll"
        role={props.branch ? "treegrid" : "grid"}
        aria-label={props.name}
        aria-rowcount={count + 1}
        aria-colcount={columns.length}
        aria-activedescendant={activeIndex >= 0 ? `${id}-${activeIndex}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={onFocus}
      >
        <GridHead columns={columns} sort={props.sort} onSort={props.onSort} />
        <div role="rowgroup">
          {count === 0 && props.empty}
          <div className={natural ? "" : "gtrack"} style={natural ? undefined : { height: view.trackPx }}>
            <div
              className={natural ? "" : "gblock"}
              style={natural ? undefined : { transform: `translateY(${view.blockTop}px)` }}
            >
              {drawn.rows.map((row, at) => {
                const index = drawn.first + at;
                const key = source.key(row);
                return (
                  <GridRow
                    // In a stream no row lasts; its place is written over, which is far cheaper than a new one.
                    key={view.streaming ? at : key}
                    id={`${id}-${index}`}
                    row={row}
                    index={index}
                    columns={columns}
                    active={key === active}
                    className={`${marks.isMarked(row) ? "marked" : ""} ${view.fresh.has(key) ? "fresh" : ""} ${props.rowClass?.(row) ?? ""}`}
                    {...props.branch?.(row)}
                    acts={rowActs}
                  />
                );
              })}
            </div>
          </div>
        </div>
      </div>
      <GridPill streaming={view.streaming} above={view.above} onTop={view.toTop} />
      {props.footer}
      {menuAt && (
        <ContextMenu
          place={menuAt}
          onClose={() => {
            setMenuAt(undefined);
            body.current?.focus();
          }}
        />
      )}
    </div>
  );
}

/** What stands over the head of a grid whose rows come by themselves. */
function GridPill(props: { streaming: boolean; above: number; onTop: () => void }) {
  if (props.above > 0)
    return (
      <div className="pill">
        <button type="button" className="pillbtn" onClick={props.onTop}>
          <Glyph icon={IconUp} small />
          {exactNumber(props.above)} new
        </button>
      </div>
    );
  if (!props.streaming) return null;
  return (
    <div className="pill">
      <span
        className="pillbtn quiet"
        title="More rows come than can be read: the newest are shown four times a second"
      >
        sampled
      </span>
    </div>
  );
}

/** What the rows call: always the same object, which does what was last wanted. */
function useRowActs<R>(wanted: RowActs<R>): RowActs<R> {
  const latest = useRef(wanted);
  latest.current = wanted;
  return useMemo(
    () => ({
      onClick: (event, row) => latest.current.onClick(event, row),
      onDoubleClick: (row) => latest.current.onDoubleClick(row),
      onMiddleClick: (row) => latest.current.onMiddleClick(row),
      onContextMenu: (event, row) => latest.current.onContextMenu(event, row),
    }),
    [],
  );
}

/** The index that a key moves the cursor to; nothing for the other keys. */
function stepTo(key: string, from: number, pageRows: number, count: number): number | undefined {
  const steps: Record<string, number> = {
    ArrowDown: from + 1,
    ArrowUp: from < 0 ? 0 : from - 1,
    PageDown: from + pageRows,
    PageUp: from - pageRows,
    Home: 0,
    End: count - 1,
  };
  return steps[key];
}

/** The row height is a token; it is read when it changes, because the arithmetic of scrolling needs a number. */
function useRowHeight(root: React.RefObject<HTMLDivElement | null>): number {
  const [height, setHeight] = useState(26);
  useLayoutEffect(() => {
    if (!root.current) return;
    const element = root.current;
    const read = () => {
      const style = getComputedStyle(element);
      const token = Number.parseFloat(style.getPropertyValue("--h-row"));
      if (token > 0) setHeight(token);
    };
    read();
    // The density may change while the list is open.
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributeFilter: ["data-density"] });
    return () => observer.disconnect();
  }, [root]);
  return height;
}

function useWidth(root: React.RefObject<HTMLDivElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!root.current) return;
    // Before the first paint, so that rows are not drawn for one width and then for another.
    setWidth(root.current.clientWidth);
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)));
    observer.observe(root.current);
    return () => observer.disconnect();
  }, [root]);
  return width;
}
