// Rows that a person ticked, for one change of several: a column of boxes, ranges, and the keys.
import { type KeyboardEvent, type MouseEvent, useMemo, useRef } from "react";
import type { Column } from "./columns";
import type { RowSource } from "./rowSource";

export interface Marks<R> {
  keys: ReadonlySet<string>;
  onMarks: (keys: ReadonlySet<string>) => void;
  /** What a row stands for, where it is more than itself. */
  keysOf?: (row: R) => readonly string[];
  /** What a box is called, such as "Select orders". */
  label: (row: R) => string;
}

export type MarkState = "none" | "some" | "all";

/** The part of `wanted` that is marked; nothing of nothing is not all. */
export function markState(keys: ReadonlySet<string>, wanted: readonly string[]): MarkState {
  if (keys.size === 0 || wanted.length === 0) return "none";
  const first = keys.has(wanted[0] ?? "");
  const other = wanted.some((key) => keys.has(key) !== first);
  return other ? "some" : first ? "all" : "none";
}

/** Marks every one of `wanted`, or none of them where all were. */
export function toggled(keys: ReadonlySet<string>, wanted: readonly string[]): ReadonlySet<string> {
  const next = new Set(keys);
  const on = markState(keys, wanted) !== "all";
  for (const key of wanted) {
    if (on) next.add(key);
    else next.delete(key);
  }
  return next;
}

interface Anchor {
  key: string;
  /** What was marked before the range began. */
  base: ReadonlySet<string>;
}

export interface GridMarks<R> {
  column: Column<R> | undefined;
  isMarked: (row: R) => boolean;
  /** True when the key was one of its own. */
  onKey: (event: KeyboardEvent, row: R | undefined) => boolean;
  /** Marks from where the range began up to a row. */
  extend: (from: R | undefined, to: R) => void;
}

export function useMarks<R>(marks: Marks<R> | undefined, source: RowSource<R>): GridMarks<R> {
  const anchor = useRef<Anchor>(undefined);
  const keysOf = (row: R) => marks?.keysOf?.(row) ?? [source.key(row)];
  const all = source.all;
  const latest = useRef({ marks, source, keysOf });
  latest.current = { marks, source, keysOf };

  const toggle = (row: R) => {
    if (!marks) return;
    const next = toggled(marks.keys, keysOf(row));
    anchor.current = { key: source.key(row), base: next };
    marks.onMarks(next);
  };
  const extend = (from: R | undefined, to: R) => {
    if (!marks || !all) return;
    const start = from ?? to;
    anchor.current ??= { key: source.key(start), base: marks.keys };
    const at = (key: string) => all.findIndex((row) => source.key(row) === key);
    const [one, other] = [at(anchor.current.key), at(source.key(to))];
    const range = one < 0 ? [to] : all.slice(Math.min(one, other), Math.max(one, other) + 1);
    marks.onMarks(new Set([...anchor.current.base, ...range.flatMap(keysOf)]));
  };
  const onKey = (event: KeyboardEvent, row: R | undefined): boolean => {
    if (!marks) return false;
    if (event.key === " " && row !== undefined) toggle(row);
    else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey) && all)
      marks.onMarks(new Set([...marks.keys, ...all.flatMap(keysOf)]));
    else if (event.key === "Escape" && marks.keys.size > 0) marks.onMarks(new Set());
    else {
      // A range ends with the next step that does not extend it.
      if (event.key !== "Shift" && !event.shiftKey) anchor.current = undefined;
      return false;
    }
    if (event.key !== " ") anchor.current = undefined;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };

  const onBox = useRef<(event: MouseEvent, row: R) => void>(undefined);
  onBox.current = (event, row) => {
    if (event.shiftKey && anchor.current) extend(undefined, row);
    else toggle(row);
  };
  const keys = marks?.keys;
  const everything = useMemo(
    () =>
      keys && keys.size > 0 && all
        ? markState(
            keys,
            all.flatMap((row) => latest.current.keysOf(row)),
          )
        : "none",
    [keys, all],
  );
  const label = marks?.label;
  const column = useMemo((): Column<R> | undefined => {
    if (!keys || !label) return undefined;
    const toggleAll = () => {
      const { marks, source, keysOf } = latest.current;
      marks?.onMarks(toggled(marks.keys, (source.all ?? []).flatMap(keysOf)));
    };
    return {
      id: "mark",
      head: "Select all rows",
      headCell: <Box name="Select all rows" state={everything} onClick={toggleAll} />,
      width: "26px",
      look: "ico",
      cell: (row) => (
        <Box
          name={label(row)}
          state={markState(keys, latest.current.keysOf(row))}
          onClick={(event) => onBox.current?.(event, row)}
        />
      ),
    };
  }, [keys, label, everything]);
  return {
    column,
    isMarked: (row) => keys !== undefined && markState(keys, keysOf(row)) === "all",
    onKey,
    extend,
  };
}

function Box(props: { name: string; state: MarkState; onClick: (event: MouseEvent) => void }) {
  return (
    <span className="check">
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={props.name}
        ref={(input) => {
          if (input) input.indeterminate = props.state === "some";
        }}
        checked={props.state === "all"}
        // The click says whether Shift was held, which the change does not.
        onClick={props.onClick}
        onChange={() => undefined}
      />
    </span>
  );
}
