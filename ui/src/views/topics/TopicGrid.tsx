import { type ReactNode, useMemo } from "react";
import { copyAndSay } from "../../components/CopyButton";
import { Glyph } from "../../components/Glyph";
import type { Column, Sort } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import { IconCopy, IconDown, IconFilter, IconRight, IconTick } from "../../components/icons";
import type { MenuEntries } from "../../components/Menu";
import type { TopicRow } from "../../ipc/bindings";
import { counted, exactNumber } from "../../lib/numbers";
import type { TopicGroup, TopicLine } from "./tree";

export interface TopicGridProps {
  lines: readonly TopicLine[];
  tree: boolean;
  columns: readonly Column<TopicRow>[];
  sort: Sort;
  marked: ReadonlySet<string>;
  empty: ReactNode;
  onSort: (sort: Sort) => void;
  onMarks: (names: ReadonlySet<string>) => void;
  onOpen: (topic: TopicRow, newTab: boolean) => void;
  onFold: (prefix: string, open: boolean) => void;
  onFind: (text: string) => void;
  menu: (topic: TopicRow) => MenuEntries;
}

const key = (line: TopicLine) => line.key;
const namesOf = ({ group, key }: TopicLine) => group?.topics.map((topic) => topic.name) ?? [key];
const markLabel = ({ group, key }: TopicLine) =>
  group ? `Select ${counted(group.topics.length, "topic")} of ${group.prefix}` : `Select ${key}`;

/** The topics, flat or as a tree. */
export function TopicGrid(props: TopicGridProps) {
  const { lines, tree, marked, onMarks, onFold } = props;
  const source = useListSource(lines, key);
  const columns = useMemo(() => props.columns.map(lineColumn), [props.columns]);
  const open = ({ topic, group }: TopicLine, newTab: boolean) => {
    if (group) onFold(group.prefix, !group.open);
    else props.onOpen(topic, newTab);
  };
  const fold = ({ key, group, parent }: TopicLine, toOpen: boolean): string | undefined => {
    if (group && group.open !== toOpen) onFold(group.prefix, toOpen);
    else if (!toOpen) return parent;
    else if (group) return lines[lines.findIndex((line) => line.key === key) + 1]?.key;
    return undefined;
  };
  const groupMenu = (group: TopicGroup): MenuEntries => [
    {
      label: group.open ? "Close the group" : "Open the group",
      icon: group.open ? IconDown : IconRight,
      run: () => onFold(group.prefix, !group.open),
    },
    {
      label: `Select ${counted(group.topics.length, "topic")}`,
      icon: IconTick,
      run: () => onMarks(new Set([...marked, ...group.topics.map((topic) => topic.name)])),
    },
    { label: "Find by this prefix", icon: IconFilter, run: () => props.onFind(group.prefix) },
    { label: "Copy prefix", icon: IconCopy, run: () => void copyAndSay(group.prefix, "Prefix") },
  ];
  return (
    <DataGrid
      name="Topics"
      source={source}
      columns={columns}
      sort={props.sort}
      onSort={props.onSort}
      openOnClick
      onOpen={open}
      rowClass={({ topic }) => (topic.internal ? "dim" : "")}
      marks={{ keys: marked, onMarks, keysOf: namesOf, label: markLabel }}
      branch={tree ? ({ level, group }) => ({ level, expanded: group?.open }) : undefined}
      onFold={tree ? fold : undefined}
      menu={({ topic, group }) => (group ? groupMenu(group) : props.menu(topic))}
      empty={props.empty}
    />
  );
}

/** Columns that say nothing about a group as a whole. */
const OF_ONE_TOPIC = new Set(["rf", "mean", "cleanup", "retention"]);

function lineColumn(column: Column<TopicRow>): Column<TopicLine> {
  const order = column.order;
  return {
    ...column,
    order: order && ((a, b) => order(a.topic, b.topic)),
    cell: (line, index) => {
      if (column.id === "name") return <Name line={line}>{column.cell(line.topic, index)}</Name>;
      if (line.group && OF_ONE_TOPIC.has(column.id)) return null;
      return column.cell(line.topic, index);
    },
  };
}

function Name({ line: { level, group }, children }: { line: TopicLine; children: ReactNode }) {
  const steps = range(level - 1).map((at) => <i key={at} className="tree-step" aria-hidden />);
  if (!group) return level === 1 ? children : [...steps, <span key="name">{children}</span>];
  return (
    <>
      {steps}
      <Glyph icon={group.open ? IconDown : IconRight} small className="t2" />
      <span className="b" title={group.prefix}>
        {group.label}
      </span>{" "}
      <span className="t3 tree-count" title={counted(group.topics.length, "topic")}>
        {exactNumber(group.topics.length)}
      </span>
    </>
  );
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at);
}
