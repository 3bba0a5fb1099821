import { useMemo, useRef, useState } from "react";
import { cellValue, InSync } from "../../components/cells";
import { FindInput, Segmented } from "../../components/fields";
import { byNumber, byText, type Column, type Sort, sorted } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import { Head, Page, Views } from "../../components/layout";
import { useNavigation } from "../../components/navigation";
import { usePageActions } from "../../components/pageActions";
import { Empty, OldLine, Waiting } from "../../components/states";
import { settingColumns } from "../../features/settingColumns";
import { mentions } from "../../features/settings";
import type { BrokerDetail, BrokerTopic, Cell, ClusterId, ConfigRow, LogDir } from "../../ipc/bindings";
import { useCall } from "../../ipc/call";
import { ErrorView } from "../../ipc/remedies";
import { SeenLines } from "../../ipc/SeenLines";
import { hrefs, withSearch } from "../../lib/hrefs";
import { bytes, counted, exactNumber } from "../../lib/numbers";
import { oldOf } from "../../lib/old";
import type { Search } from "../../lib/search";

const REFRESH_MS = 10_000;
const PARTS = ["config", "disk", "topics"] as const;
type Part = (typeof PARTS)[number];

export interface BrokerViewProps {
  clusterId: ClusterId;
  broker: number;
  search: Search;
  onSearch: (patch: Record<string, string | undefined>) => void;
}

/** One broker: its settings and where they come from, its log directories, its share of each topic. */
export function BrokerView({ clusterId, broker, search, onSearch }: BrokerViewProps) {
  const answer = useCall("brokers.get", { clusterId, broker }, { everyMs: REFRESH_MS });
  const detail = answer.value?.value;
  const part: Part = PARTS.find((one) => one === search.part) ?? "config";
  const href = hrefs.broker(clusterId, broker);
  const show = (next: Part) => () => onSearch({ part: next === "config" ? undefined : next });
  usePageActions([
    { id: "broker.config", label: "Show the broker's settings", shortcut: "1", run: show("config") },
    { id: "broker.disk", label: "Show log directories", shortcut: "2", run: show("disk") },
    { id: "broker.topics", label: "Show its topics", shortcut: "3", run: show("topics") },
  ]);
  const title = `Broker ${broker}`;
  const told = part === "config" ? detail?.configs : part === "disk" ? detail?.logDirs : undefined;
  const old = answer.old ?? oldOf(told);
  return (
    <Page old={old !== undefined}>
      <Head title={title} facts={detail && <Facts detail={detail} />} />
      <Views
        name={`Views of ${title}`}
        current={part}
        items={[
          { id: "config", label: "Config", href, note: cellValue(detail?.configs)?.length },
          {
            id: "disk",
            label: "Log directories",
            href: withSearch(href, { part: "disk" }),
            note: cellValue(detail?.logDirs)?.length,
          },
          {
            id: "topics",
            label: "Topics",
            href: withSearch(href, { part: "topics" }),
            note: detail?.topics.length,
          },
        ]}
      />
      <SeenLines of={answer} />
      {old && !answer.old && <OldLine old={old} />}
      {answer.loading && <Waiting words={`Reading broker ${broker}`} />}
      {detail && part === "config" && (
        <Told cell={detail.configs} onRetry={answer.retry}>
          {(rows) => <Configs rows={rows} search={search} onSearch={onSearch} />}
        </Told>
      )}
      {detail && part === "disk" && (
        <Told cell={detail.logDirs} onRetry={answer.retry}>
          {(rows) => <LogDirs rows={rows} />}
        </Told>
      )}
      {detail && part === "topics" && <Topics clusterId={clusterId} rows={detail.topics} />}
    </Page>
  );
}

function Facts({ detail }: { detail: BrokerDetail }) {
  const sum = (of: (topic: BrokerTopic) => number) =>
    detail.topics.reduce((total, topic) => total + of(topic), 0);
  const behind = sum((topic) => topic.replicas - topic.inSync);
  return (
    <>
      <span>
        leads <b>{exactNumber(sum((topic) => topic.leaders))}</b> of{" "}
        {counted(
          sum((topic) => topic.replicas),
          "replica",
        )}
      </span>
      <span className={behind > 0 ? "warn" : ""}>
        {behind > 0 ? `${exactNumber(behind)} not in sync` : "all in sync"}
      </span>
    </>
  );
}

/** What only the broker tells, or why it does not. */
function Told<T>(props: { cell: Cell<T>; onRetry: () => void; children: (value: T) => React.ReactNode }) {
  const { cell, onRetry, children } = props;
  if (cell.state === "value") return <>{children(cell.value)}</>;
  if (cell.state === "failed") return <ErrorView error={cell.error} onRetry={onRetry} />;
  return (
    <Empty title="The broker has not told">{cell.state === "unavailable" ? cell.reason : undefined}</Empty>
  );
}

const configKey = (row: ConfigRow) => row.name;

function Configs(props: { rows: ConfigRow[]; search: Search; onSearch: BrokerViewProps["onSearch"] }) {
  const { rows, search, onSearch } = props;
  const [sort, setSort] = useState<Sort>({ column: "name", descending: false });
  const find = useRef<HTMLInputElement>(null);
  const text = search.q ?? "";
  const all = search.show === "all";
  const set = rows.filter((row) => !row.default);
  const shown = useMemo(() => {
    const wanted = (all ? rows : rows.filter((row) => !row.default)).filter((row) => mentions(row, text));
    return sorted(wanted, CONFIG_COLUMNS, sort);
  }, [rows, all, text, sort]);
  const source = useListSource(shown, configKey);
  usePageActions([
    { id: "broker.find", label: "Find a setting", shortcut: "/", run: () => find.current?.focus() },
  ]);
  return (
    <>
      <div className="bar">
        <FindInput
          ref={find}
          name="Find a setting"
          size="w-find"
          placeholder="Find a setting or a word in its text"
          value={text}
          onChange={(q) => onSearch({ q })}
        />
        <Segmented
          name="Show"
          value={all ? "all" : "set"}
          options={[
            { value: "set", label: `Not Kafka's default ${set.length}` },
            { value: "all", label: `All ${rows.length}` },
          ]}
          onChange={(next) => onSearch({ show: next === "all" ? "all" : undefined })}
        />
      </div>
      <DataGrid
        name="Settings"
        source={source}
        columns={CONFIG_COLUMNS}
        sort={sort}
        onSort={setSort}
        empty={<Empty title={`0 of ${counted(all ? rows.length : set.length, "setting")} match`} />}
      />
    </>
  );
}

const CONFIG_COLUMNS = settingColumns("broker");

const dirKey = (dir: LogDir) => dir.path;

function LogDirs({ rows }: { rows: LogDir[] }) {
  const source = useListSource(rows, dirKey);
  return (
    <DataGrid
      name="Log directories"
      source={source}
      columns={DIR_COLUMNS}
      rowClass={(dir) => (dir.error ? "bad" : "")}
      empty={<Empty title="The broker names no log directory" />}
    />
  );
}

const DIR_COLUMNS: Column<LogDir>[] = [
  { id: "path", head: "Directory", width: "minmax(200px,2fr)", look: "mono", cell: (dir) => dir.path },
  { id: "replicas", head: "Replicas", width: "84px", look: "num", cell: (dir) => exactNumber(dir.replicas) },
  { id: "bytes", head: "Size", width: "96px", look: "num", cell: (dir) => bytes(dir.bytes) },
  {
    id: "free",
    head: "Free on its volume",
    width: "minmax(140px,1fr)",
    look: "num",
    cell: (dir) =>
      dir.usable === undefined || dir.total === undefined
        ? "not told"
        : `${bytes(dir.usable)} of ${bytes(dir.total)}`,
  },
  {
    id: "state",
    head: "State",
    width: "minmax(90px,1fr)",
    look: "after",
    cell: (dir) => dir.error ?? "online",
  },
];

const topicKey = (row: BrokerTopic) => row.topic;

function Topics({ clusterId, rows }: { clusterId: ClusterId; rows: BrokerTopic[] }) {
  const navigation = useNavigation();
  const [sort, setSort] = useState<Sort>({ column: "leaders", descending: true });
  const shown = useMemo(() => sorted(rows, TOPIC_COLUMNS, sort), [rows, sort]);
  const source = useListSource(shown, topicKey);
  return (
    <DataGrid
      name="Topics of the broker"
      source={source}
      columns={TOPIC_COLUMNS}
      sort={sort}
      onSort={setSort}
      onOpen={(row) => navigation.go(hrefs.topic(clusterId, row.topic, "partitions"))}
      empty={<Empty title="No topic has a replica here" />}
    />
  );
}

const TOPIC_COLUMNS: Column<BrokerTopic>[] = [
  {
    id: "topic",
    head: "Topic",
    width: "minmax(180px,2fr)",
    look: "mono",
    order: byText((row) => row.topic),
    cell: (row) => row.topic,
  },
  {
    id: "leaders",
    head: "Leaders",
    width: "84px",
    look: "num",
    order: byNumber((row) => row.leaders),
    cell: (row) => exactNumber(row.leaders),
  },
  {
    id: "replicas",
    head: "Replicas",
    width: "96px",
    look: "num",
    order: byNumber((row) => row.replicas),
    cell: (row) => `${exactNumber(row.replicas)} of ${exactNumber(row.partitions)}`,
  },
  {
    id: "insync",
    head: "In sync",
    width: "84px",
    look: "num",
    order: byNumber((row) => row.replicas - row.inSync),
    cell: (row) => <InSync of={row} />,
  },
];
