import { useMemo, useState } from "react";
import { CopyButton } from "../../components/CopyButton";
import { CellView } from "../../components/cells";
import { FindInput, Segmented } from "../../components/fields";
import { Glyph } from "../../components/Glyph";
import { byText, type Column, type Sort, sorted } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import { IconLock } from "../../components/icons";
import { Empty, Waiting } from "../../components/states";
import { Tip } from "../../components/Tip";
import { Mark } from "../../components/text";
import type { ConfigRow, Seen, TopicDetail } from "../../ipc/bindings";
import type { Answer } from "../../ipc/call";
import { bytes, exactDigits } from "../../lib/numbers";
import { duration } from "../../lib/time";

type Show = "all" | "set";
const key = (row: ConfigRow) => row.name;

const columns: Column<ConfigRow>[] = [
  {
    id: "name",
    head: "Setting",
    width: "minmax(180px,1.2fr)",
    look: "mono",
    order: byText((row) => row.name),
    cell: (row) => <Named row={row} />,
  },
  {
    id: "value",
    head: "Value",
    width: "minmax(100px,1fr)",
    cell: (row) => (row.sensitive ? <span className="t3">hidden</span> : human(row)),
  },
  { id: "raw", head: "Raw", width: "minmax(100px,1fr)", look: "num", cell: (row) => <Raw row={row} /> },
  {
    id: "source",
    head: "Origin",
    width: "140px",
    look: "after",
    order: byText((row) => row.source),
    cell: (row) => (
      <span className={`st ${row.source === "topic" ? "b" : "t3"}`}>
        {row.source}
        {row.readOnly && <Glyph icon={IconLock} small />}
      </span>
    ),
  },
];

/** Settings, read-only for now; each with what it means and where its value comes from. */
export function ConfigPart({ detail }: { detail: Answer<Seen<TopicDetail>> }) {
  const [text, setText] = useState("");
  const [show, setShow] = useState<Show>("all");
  const [sort, setSort] = useState<Sort>({ column: "name", descending: false });
  const cell = detail.value?.value.configs;
  const all = cell?.state === "value" ? cell.value : [];
  const rows = useMemo(() => {
    const wanted = all.filter(
      (row) =>
        (show === "all" || row.source === "topic") &&
        `${row.name} ${row.doc ?? ""}`.toLowerCase().includes(text.toLowerCase()),
    );
    return sorted(wanted, columns, sort);
  }, [all, text, show, sort]);
  const source = useListSource(rows, key);
  if (detail.loading) return <Waiting words="Reading settings" />;
  if (cell && cell.state !== "value") {
    return (
      <div className="pad">
        <CellView cell={cell}>{() => null}</CellView>
      </div>
    );
  }
  const properties = all
    .filter((row) => row.source === "topic")
    .map((row) => `${row.name}=${row.value ?? ""}`)
    .join("\n");
  return (
    <>
      <div className="bar">
        <FindInput
          name="Find a setting"
          size="w-find"
          placeholder="Find a setting or a word in its text"
          value={text}
          onChange={setText}
        />
        <Segmented<Show>
          name="Show"
          value={show}
          options={[
            { value: "all", label: `All ${all.length}` },
            { value: "set", label: `Set here ${all.filter((row) => row.source === "topic").length}` },
          ]}
          onChange={setShow}
        />
        <span className="right">
          <CopyButton text={properties} what="Properties" words="Copy as properties" />
        </span>
      </div>
      <DataGrid
        name="Settings"
        source={source}
        columns={columns}
        sort={sort}
        onSort={setSort}
        empty={<Empty title={`0 of ${all.length} settings match`} />}
      />
    </>
  );
}

function Named({ row }: { row: ConfigRow }) {
  return (
    <Tip words={row.doc}>
      <span>{row.name}</span>
    </Tip>
  );
}

function Raw({ row }: { row: ConfigRow }) {
  if (row.sensitive) return <span className="t3">hidden</span>;
  if (row.value === undefined || row.value === null) return <Mark kind="null" />;
  if (row.value === "") return <Mark kind="empty" />;
  return <span className="t2">{row.value}</span>;
}

/** Returns the value in units a person reads, or the value itself. */
function human(row: ConfigRow): string {
  const value = row.value ?? "";
  if (!/^-?\d+$/.test(value)) return value === "true" ? "yes" : value === "false" ? "no" : value;
  if (value === "-1" && /\.(ms|bytes)$/.test(row.name)) return "no limit";
  // Tiered storage keeps as long as the topic does.
  if (value === "-2" && row.name.startsWith("local.")) return "as the topic";
  if (value === "9223372036854775807") return "no limit";
  if (row.name.endsWith(".ms")) return duration(Number(value));
  if (row.name.endsWith(".bytes")) return bytes(Number(value));
  return exactDigits(value);
}
