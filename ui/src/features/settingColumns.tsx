// The columns of a list of settings: of a topic, where values may be drafts, or of a broker.
import { Glyph } from "../components/Glyph";
import { byText, type Column } from "../components/grid/columns";
import { IconDraft, IconLock } from "../components/icons";
import { Mark } from "../components/text";
import type { ConfigRow } from "../ipc/bindings";
import { type ConfigDraft, changes, groupOf, groupRank, humanValue } from "./settings";

type Owner = "topic" | "broker";

/** Where a value comes from, as seen from what the list is of. */
const ORIGINS: Record<Owner, Record<ConfigRow["source"], string>> = {
  topic: { topic: "topic", broker: "broker", cluster: "cluster", static: "static", default: "default" },
  broker: {
    topic: "topic",
    broker: "set for it",
    cluster: "set for all",
    static: "its file",
    default: "default",
  },
};

const NO_DRAFT: ConfigDraft = {};

export function settingColumns(of: Owner, draft: ConfigDraft = NO_DRAFT): Column<ConfigRow>[] {
  const value = valueColumn(draft);
  const origin = originColumn(of, draft);
  return of === "topic" ? [NAME, ABOUT, value, RAW, origin] : [NAME, value, origin, DOC];
}

const NAME: Column<ConfigRow> = {
  id: "name",
  head: "Setting",
  width: "minmax(180px,1.2fr)",
  look: "mono",
  order: byText((row) => row.name),
  cell: (row) => <span title={row.doc ?? undefined}>{row.name}</span>,
};

const ABOUT: Column<ConfigRow> = {
  id: "group",
  head: "About",
  width: "96px",
  above: 760,
  order: byText((row) => `${groupRank(row.name)} ${row.name}`),
  cell: (row) => <span className="t3">{groupOf(row.name)}</span>,
};

const RAW: Column<ConfigRow> = {
  id: "raw",
  head: "Raw",
  width: "minmax(90px,0.8fr)",
  look: "num",
  above: 560,
  cell: (row) => <Raw row={row} />,
};

const DOC: Column<ConfigRow> = {
  id: "doc",
  head: "What it does",
  width: "minmax(0,2fr)",
  above: 900,
  cell: (row) => row.doc,
};

function valueColumn(draft: ConfigDraft): Column<ConfigRow> {
  return {
    id: "value",
    head: "Value",
    width: "minmax(110px,1fr)",
    cell: (row) => <Value row={row} drafted={draft[row.name]} />,
  };
}

function originColumn(of: Owner, draft: ConfigDraft): Column<ConfigRow> {
  const word = (row: ConfigRow) => ORIGINS[of][row.source];
  // Set by somebody: on the topic itself, or anywhere but in Kafka's own text.
  const own = (row: ConfigRow) => (of === "topic" ? row.source === "topic" : !row.default);
  return {
    id: "source",
    head: "Origin",
    width: "104px",
    look: "after",
    order: byText(word),
    cell: (row) =>
      changes(row, draft[row.name]) ? (
        <span className="st acc">
          <Glyph icon={IconDraft} small /> draft
        </span>
      ) : (
        <span className={`st ${own(row) ? "b" : "t3"}`}>
          {word(row)}
          {of === "topic" && row.readOnly && <Glyph icon={IconLock} small />}
        </span>
      ),
  };
}

function Value({ row, drafted }: { row: ConfigRow; drafted: string | null | undefined }) {
  if (row.sensitive) return <span className="t3">hidden</span>;
  const now = row.value ? (
    <span title={row.value}>{humanValue(row.name, row.value)}</span>
  ) : (
    <span className="t3">—</span>
  );
  if (!changes(row, drafted)) return now;
  return (
    <>
      <s className="t3">{now}</s>{" "}
      <b>{typeof drafted === "string" ? humanValue(row.name, drafted.trim()) : "inherited"}</b>
    </>
  );
}

function Raw({ row }: { row: ConfigRow }) {
  if (row.sensitive) return <span className="t3">hidden</span>;
  if (row.value === undefined || row.value === null) return <Mark kind="null" />;
  if (row.value === "") return <Mark kind="empty" />;
  return <span className="t2">{row.value}</span>;
}
