import { useEffect, useState } from "react";
import { IconButton } from "../components/Button";
import { useZone } from "../components/clock";
import { IconClose, IconDown, IconUp } from "../components/icons";
import { PanelViews, Section } from "../components/layout";
import { HexText, JsonText, PlainText } from "../components/payloadViews";
import { Empty, Waiting } from "../components/states";
import { Mark, SafeLine } from "../components/text";
import type { Body, RecordFull, RecordRow, RecordTemplate, ScanId } from "../ipc/bindings";
import { useCall } from "../ipc/call";
import { ErrorView } from "../ipc/remedies";
import { bytes, counted, exactDigits, exactNumber } from "../lib/numbers";
import { age, dateTime, shortTime } from "../lib/time";
import { RecordActions } from "./RecordActions";
import { didTry } from "./tryNext";

type View = "value" | "key" | "headers" | "metadata" | "hex";

export interface RecordInspectorProps {
  scanId: ScanId;
  row: RecordRow;
  topic: string;
  bootstrap: string;
  /** Where this record stands, when it is not a row of the list. */
  note?: string;
  /** Why nothing may be sent. */
  refusal: string | undefined;
  onResend: (record: RecordTemplate) => void;
  onStep: (step: 1 | -1) => void;
  onClose: () => void;
}

export function RecordInspector(props: RecordInspectorProps) {
  const { scanId, row, onStep, onClose } = props;
  const [view, setView] = useState<View>("value");
  const zone = useZone();
  const answer = useCall("scan.record", { scanId, rowId: row.rowId });
  const record = answer.value;
  const shown = record !== undefined;
  useEffect(() => {
    if (shown) didTry("record");
  }, [shown]);
  return (
    <>
      <div className="sec tall">
        <span className="mono b" title="partition">
          {row.partition}
        </span>
        <span className="t3">/</span>
        <span className="mono b selectable" title="offset">
          {exactDigits(row.offset)}
        </span>
        <span className="mono-data t2 selectable cut">
          {row.timestampType === "none" ? "no time" : shortTime(row.timestamp, Date.now(), zone)}
        </span>
        <span className="right gap-0">
          <IconButton icon={IconUp} name="Previous record" shortcut="ArrowUp" onClick={() => onStep(-1)} />
          <IconButton icon={IconDown} name="Next record" shortcut="ArrowDown" onClick={() => onStep(1)} />
          <IconButton icon={IconClose} name="Close record" shortcut="Escape" onClick={onClose} />
        </span>
      </div>
      <PanelViews<View>
        name="Parts of the record"
        current={view}
        onPick={setView}
        items={[
          { id: "value", label: "Value" },
          { id: "key", label: "Key" },
          { id: "headers", label: "Headers", note: row.headers },
          { id: "metadata", label: "Metadata" },
          { id: "hex", label: "Hex" },
        ]}
      />
      <div className="pane scroll fill" role="tabpanel" aria-label={view}>
        {answer.loading && <Waiting words="Reading the record" />}
        {answer.error && <ErrorView error={answer.error} onRetry={answer.retry} />}
        {record && <Part record={record} view={view} />}
      </div>
      <div className="foot">
        <RecordActions {...props} record={record} />
        {props.note && <span className="small t3 cut">{props.note}</span>}
      </div>
    </>
  );
}

function Part({ record, view }: { record: RecordFull; view: View }) {
  switch (view) {
    case "value":
      return (
        <>
          <BodyView body={record.value} what="value" at={record.row.timestamp} />
          {record.headers.length > 0 && (
            <>
              <div className="line" />
              <Section title="Headers" note={record.headers.length} />
              <Headers record={record} />
            </>
          )}
        </>
      );
    case "key":
      return <BodyView body={record.key} what="key" />;
    case "headers":
      return record.headers.length > 0 ? <Headers record={record} /> : <Empty title="No headers" />;
    case "metadata":
      return <Metadata record={record} />;
    case "hex":
      return (
        <>
          <Section title="Key" note={sizeOf(record.key)} />
          <HexOrMark body={record.key} />
          <Section title="Value" note={sizeOf(record.value)} />
          <HexOrMark body={record.value} />
        </>
      );
  }
}

function BodyView({ body, what, at }: { body: Body; what: "key" | "value"; at?: number }) {
  if (body.kind === "null" || body.kind === "empty") {
    return (
      <div className="pad row small t2">
        <Mark kind={body.kind} />
        {body.kind === "empty"
          ? `the ${what} has no bytes`
          : what === "value"
            ? "tombstone: this key is deleted"
            : "no key"}
      </div>
    );
  }
  const kind = { json: "JSON", text: "text", binary: "not text" }[body.kind];
  return (
    <>
      <div className="row pad label t3">
        <span>
          {at !== undefined && at > 0 && `${age(at, Date.now())}, `}
          {kind}, {bytes(body.bytes)}
        </span>
        <span className="grow" />
        {body.truncated ? (
          <span className="warn">first part only</span>
        ) : (
          body.kind === "json" && <span>numbers exact</span>
        )}
      </div>
      {body.kind === "json" && <JsonText text={body.text} />}
      {body.kind === "text" && <PlainText text={body.text} />}
      {body.kind === "binary" && <HexText hex={body.hex} />}
    </>
  );
}

function HexOrMark({ body }: { body: Body }) {
  return body.kind === "null" || body.kind === "empty" ? (
    <div className="pad-x">
      <Mark kind={body.kind} />
    </div>
  ) : (
    <HexText hex={body.hex} />
  );
}

function sizeOf(body: Body): string {
  return body.kind === "null" ? "null" : body.kind === "empty" ? "0 B" : bytes(body.bytes);
}

/** What the record weighs beyond key and value: the names and values of its headers. */
function headerSize({ row, key, value }: RecordFull): string {
  const sizes = [key, value].map((body) => (body.kind === "null" || body.kind === "empty" ? 0 : body.bytes));
  return `${exactNumber(sizes.reduce((left, size) => left - size, row.bytes))} B`;
}

function Headers({ record }: { record: RecordFull }) {
  return (
    <dl className="kv mt-1" aria-label="Headers">
      {record.headers.map((header, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: header names may repeat, their order is the identity.
        <div key={index} style={{ display: "contents" }}>
          <dt className="mono-data">
            <SafeLine text={header.name} />
          </dt>
          <dd className="mono wrap">
            <HeaderValue body={header.value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function HeaderValue({ body }: { body: Body }) {
  switch (body.kind) {
    case "null":
    case "empty":
      return <Mark kind={body.kind} />;
    case "json":
    case "text":
      return <SafeLine text={body.text} />;
    case "binary":
      return (
        <>
          <span className="mark">{body.bytes} B</span> {body.hex.match(/../g)?.join(" ")}
        </>
      );
  }
}

function Metadata({ record }: { record: RecordFull }) {
  const zone = useZone();
  const { row } = record;
  const time = row.timestampType !== "none";
  const rows: [string, string][] = [
    ["Partition", String(row.partition)],
    ["Offset", exactDigits(row.offset)],
    ["Time", time ? dateTime(row.timestamp, zone) : "none"],
    ["Epoch, ms", time ? String(row.timestamp) : "—"],
    ["Set by", { create: "the producer", append: "the broker", none: "nobody" }[row.timestampType]],
    [
      "Leader epoch",
      record.leaderEpoch === undefined || record.leaderEpoch === null ? "—" : String(record.leaderEpoch),
    ],
    ["Key", sizeOf(record.key)],
    ["Value", sizeOf(record.value)],
    ["Headers", row.headers === 0 ? "none" : `${counted(row.headers, "header")}, ${headerSize(record)}`],
    ["Together", `${exactNumber(row.bytes)} B`],
  ];
  return (
    <dl className="kv pad mt-2">
      {rows.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd className="mono">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
