// Every part in every state, in both themes at once.
import { type ReactNode, useState } from "react";
import { Button, IconButton } from "../../components/Button";
import { NumberCell } from "../../components/cells";
import { Chart } from "../../components/chart/Chart";
import { Sparkline } from "../../components/chart/Sparkline";
import { EnvLabel } from "../../components/EnvLabel";
import { ErrorBlock } from "../../components/ErrorBlock";
import { CheckBox, Field, FindInput, Segmented, Select, TextInput, Toggle } from "../../components/fields";
import { Glyph } from "../../components/Glyph";
import type { Column } from "../../components/grid/columns";
import { DataGrid } from "../../components/grid/DataGrid";
import { useListSource } from "../../components/grid/rowSource";
import { IconBad, IconCopy, IconDown, IconInfo, IconOk, IconProduce, IconWarn } from "../../components/icons";
import { Head, Page, Section, Strip } from "../../components/layout";
import { HexText, JsonText } from "../../components/payloadViews";
import { Empty, MissingLine, Waiting } from "../../components/states";
import { Mark, PreviewText } from "../../components/text";
import type { Preview } from "../../ipc/bindings";
import { CELLS, chartFixture, ERRORS, PREVIEWS } from "./fixtures";

export function GalleryView() {
  return (
    <Page>
      <Head title="Gallery" facts={<span>every part in every state</span>} />
      <div className="split line">
        {(["light", "dark"] as const).map((theme) => (
          <div key={theme} className="pane scroll grow surface contain" data-theme={theme}>
            <Parts theme={theme} />
          </div>
        ))}
      </div>
    </Page>
  );
}

function Parts({ theme }: { theme: string }) {
  return (
    <>
      <Section title={`Buttons, ${theme}`} />
      <Line>
        <Button kind="primary" icon={IconProduce}>
          Primary
        </Button>
        <Button>Plain</Button>
        <Button kind="quiet">Quiet</Button>
        <Button kind="danger">Delete topic</Button>
        <Button disabledReason="shop-prod is read-only">Disabled</Button>
        <Button running>Running</Button>
        <Button small>Small</Button>
        <Button kind="word">Word</Button>
        <IconButton icon={IconCopy} name="Copy" onClick={() => undefined} />
      </Line>
      <Fields />
      <Section title="Words and marks" />
      <Line>
        <EnvLabel env="local" />
        <EnvLabel env="dev" />
        <EnvLabel env="staging" />
        <EnvLabel env="prod" />
        <Mark kind="null" />
        <Mark kind="empty" />
        <Mark kind="missing" />
        <span className="tag">tag</span>
        <span className="chip">chip</span>
      </Line>
      <Line>
        <span className="st ok">
          <Glyph icon={IconOk} />
          Running
        </span>
        <span className="st warn">
          <Glyph icon={IconWarn} />
          Lagging
        </span>
        <span className="st bad">
          <Glyph icon={IconBad} />
          Offline
        </span>
        <span className="st info">
          <Glyph icon={IconInfo} />
          Note
        </span>
        <Sparkline name="lag" points={[1, 3, 2, 5, null, 4, 8, 6]} />
      </Line>
      <Section title="Cells" />
      <Line>
        {CELLS.map(([name, cell]) => (
          <span key={name} className="row tight">
            <span className="label t3">{name}</span>
            <NumberCell cell={cell} />
          </span>
        ))}
      </Line>
      <Section title="Payloads" />
      <Previews />
      <Section title="Grid" />
      <Rows empty={false} />
      <MarkedRows />
      <TreeRows />
      <Rows empty />
      <Section title="Strip" />
      <Strip
        name="Health"
        items={[
          { label: "Status", value: "Healthy", icon: IconOk },
          { label: "Lagging", value: 1, of: "/2", tone: "warn", icon: IconWarn },
          { label: "Offline", value: 2, tone: "bad", icon: IconBad },
        ]}
      />
      <MissingLine
        missing={[
          { scope: "broker 2", reason: "did not answer within 3 s" },
          { scope: "broker 3", reason: "not permitted" },
        ]}
      />
      <Section title="States" />
      <Waiting words="Reading topics" onCancel={() => undefined} />
      <Empty title="orders has no records yet" action={<Button>Produce one</Button>}>
        Start and end are both 0.
      </Empty>
      {ERRORS.map((error) => (
        <ErrorBlock key={error.what} error={error} onRetry={() => undefined} onCall={() => undefined} />
      ))}
      <Section title="Charts" />
      <Chart title="Six series, per second" view={chartFixture(6, false)} onSave={() => undefined} />
      <TableChart title="A gap, per second" count={1} />
      <TableChart title="Six series and a table" count={6} />
      <Chart title="Measured last, per second" view={LAST} old={OLD} />
      <Chart title="Nothing yet" view={chartFixture(0, false)} none="No data yet, collecting since 13:50" />
      <Section title="JSON and bytes" />
      <JsonText
        text={
          '{\n  "orderId": 9007199254740993,\n  "total": 1249.10,\n  "coupon": null,\n  "name": "a\\u202eb"\n}'
        }
      />
      <HexText hex={"00000000070e6b65792d3120312e302074657874"} />
    </>
  );
}

const LAST = chartFixture(2, false);
const OLD = { asOf: LAST.x.max, why: "No broker answered in time" };

function TableChart({ title, count }: { title: string; count: number }) {
  const [shown, onShown] = useState(true);
  const [view] = useState(() => chartFixture(count, true));
  return <Chart title={title} view={view} table={{ shown, onShown }} />;
}

function Line({ children }: { children: ReactNode }) {
  return <div className="row pad wraps">{children}</div>;
}

function Fields() {
  const [text, setText] = useState("orders");
  const [on, setOn] = useState(true);
  const [pick, setPick] = useState<"a" | "b">("a");
  const options = [
    { value: "a", label: "Newest 500" },
    { value: "b", label: "Beginning" },
  ] as const;
  return (
    <Line>
      <TextInput name="Text" size="w-time" value={text} onChange={setText} />
      <TextInput name="Wrong" size="w-time" wrong value="not a name!" onChange={() => undefined} />
      <Field label="Name" problem="Letters, digits, dot, underscore and hyphen only">
        <TextInput
          name="Mistaken"
          size="w-time"
          problem="as below"
          value="not a name!"
          onChange={() => undefined}
        />
      </Field>
      <TextInput name="Off" size="w-time" disabled value="disabled" onChange={() => undefined} />
      <FindInput name="Find" size="w-time" value="" placeholder="Find" onChange={() => undefined} />
      <Select name="From" value={pick} options={options} onChange={setPick} />
      <Segmented name="Range" value={pick} options={options} onChange={setPick} />
      <Toggle name="Live" on={on} onChange={setOn} />
      <CheckBox label="Read-only" on={on} onChange={setOn} />
    </Line>
  );
}

type Named = [string, Preview];
const previewKey = (row: Named) => row[0];
const previewColumns: Column<Named>[] = [
  { id: "name", head: "Kind", width: "96px", cell: (row) => <span className="t2">{row[0]}</span> },
  {
    id: "shown",
    head: "Shown as",
    width: "minmax(0,1fr)",
    look: "mono",
    cell: (row) => <PreviewText preview={row[1]} what="value" />,
  },
];

function Previews() {
  return (
    <DataGrid name="Payloads" natural source={useListSource(PREVIEWS, previewKey)} columns={previewColumns} />
  );
}

const NUMBERS = [12, 1284, 69_504].map((lag, at) => ({
  group: ["fulfilment", "analytics", "nightly-export"][at] ?? "",
  lag,
}));
type Row = (typeof NUMBERS)[number];
const NONE: Row[] = [];
const rowKey = (row: Row) => row.group;
const rowColumns: Column<Row>[] = [
  {
    id: "group",
    head: "Group",
    width: "minmax(0,1fr)",
    look: "mono",
    cell: (row) => row.group,
    order: () => 0,
  },
  { id: "lag", head: "Lag", width: "96px", look: "num", cell: (row) => row.lag, order: () => 0 },
];

const markLabel = (row: Row) => `Select ${row.group}`;

function MarkedRows() {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set(["analytics"]));
  return (
    <DataGrid
      name="Groups to select"
      natural
      source={useListSource(NUMBERS, rowKey)}
      columns={rowColumns}
      marks={{ keys, onMarks: setKeys, label: markLabel }}
    />
  );
}

const treeColumns: Column<Row>[] = [
  {
    id: "group",
    head: "Tree",
    width: "minmax(0,1fr)",
    look: "mono",
    cell: (row, index) => (
      <>
        {index > 0 && <i className="tree-step" aria-hidden />}
        {index === 0 && <Glyph icon={IconDown} small className="t2" />}
        <span className={index === 0 ? "b" : ""}>{row.group}</span>
      </>
    ),
  },
];

function TreeRows() {
  return (
    <DataGrid
      name="Groups as a tree"
      natural
      source={useListSource(NUMBERS, rowKey)}
      columns={treeColumns}
      branch={(row) => (row === NUMBERS[0] ? { level: 1, expanded: true } : { level: 2 })}
    />
  );
}

function Rows({ empty }: { empty: boolean }) {
  const [selected, setSelected] = useState<string | undefined>("analytics");
  const source = useListSource(empty ? NONE : NUMBERS, rowKey);
  return (
    <DataGrid
      name={empty ? "No groups" : "Groups"}
      natural
      source={source}
      columns={rowColumns}
      sort={{ column: "lag", descending: true }}
      onSort={() => undefined}
      selected={selected}
      onSelect={(row) => setSelected(row?.group)}
      empty={<Empty title="0 of 3 groups match" />}
    />
  );
}
