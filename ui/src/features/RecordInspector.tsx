import { useEffect, useState } from "react";
import { Button, IconButton } from "../components/Button";
import { useZone } from "../components/clock";
import { IconClose, IconDown, IconUp } from "../components/icons";
import { PanelViews, Section } from "../components/layout";
import { HEX_BYTES_SHOWN_MAX, HexText, JsonText, PlainText, shownPiece } from "../components/payloadViews";
import { Empty, Waiting } from "../components/states";
import { Mark, SafeLine } from "../components/text";
import type { Body, RecordFull, RecordPart, RecordRow, RecordTemplate, ScanId } from "../ipc/bindings";
import { call, useCall } from "../ipc/call";
import { sayFailed } from "../ipc/failed";
import { saveAndSay } from "../ipc/files";
import { ErrorView } from "../ipc/remedies";
import { bytesOfBase64 } from "../lib/base64";
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
        {record && <Part scanId={scanId} record={record} view={view} />}
      </div>
      <div className="foot">
        <RecordActions {...props} record={record} />
        {props.note && <span className="small t3 cut">{props.note}</span>}
      </div>
    </>
  );
}

function Part({ scanId, record, view }: { scanId: ScanId; record: RecordFull; view: View }) {
  switch (view) {
    case "value":
      return (
        <>
          <BodyView
            body={record.value}
            what="value"
            at={record.row.timestamp}
            onSave={() => savePart(scanId, record.row, "value")}
          />
          {record.headers.length > 0 && (
            <>
              <div className="line mt-2" />
              <Section title="Headers" note={record.headers.length} />
              <Headers record={record} />
            </>
          )}
        </>
      );
    case "key":
      return <BodyView body={record.key} what="key" onSave={() => savePart(scanId, record.row, "key")} />;
    case "headers":
      return record.headers.length > 0 ? <Headers record={record} /> : <Empty title="No headers" />;
    case "metadata":
      return <Metadata record={record} />;
    case "hex":
      return (
        <>
          <Section title="Key" note={sizeOf(record.key)}>
            <Rest {...hexShown(record.key)} onSave={() => savePart(scanId, record.row, "key")} />
          </Section>
          <HexOrMark body={record.key} />
          <Section title="Value" note={sizeOf(record.value)}>
            <Rest {...hexShown(record.value)} onSave={() => savePart(scanId, record.row, "value")} />
          </Section>
          <HexOrMark body={record.value} />
        </>
      );
  }
}

interface BodyViewProps {
  body: Body;
  what: RecordPart;
  at?: number;
  onSave: () => void;
}

function BodyView({ body, what, at, onSave }: BodyViewProps) {
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
        {body.kind === "json" && !isPart(textShown(body)) && <span>numbers exact</span>}
        <Rest {...textShown(body)} onSave={onSave} />
      </div>
      {body.kind === "json" && <JsonText text={body.text} />}
      {body.kind === "text" && <PlainText text={body.text} />}
      {body.kind === "binary" && <HexText hex={body.hex} />}
    </>
  );
}

interface ShownOf {
  shown: number;
  whole: number;
}

function isPart({ shown, whole }: ShownOf): boolean {
  return shown < whole;
}

/** How many bytes of a payload its text view shows; text laid out anew may be longer than the payload. */
function textShown(body: Body): ShownOf {
  if (body.kind === "null" || body.kind === "empty") return { shown: 0, whole: 0 };
  if (body.kind === "binary") return hexShown(body);
  const piece = shownPiece(body.text);
  const cut = body.truncated || piece.length < body.text.length;
  return { shown: cut ? Math.min(piece.length, body.bytes - 1) : body.bytes, whole: body.bytes };
}

function hexShown(body: Body): ShownOf {
  if (body.kind === "null" || body.kind === "empty") return { shown: 0, whole: 0 };
  return { shown: Math.min(body.hex.length / 2, HEX_BYTES_SHOWN_MAX), whole: body.bytes };
}

/** Says that only a beginning is shown, and offers all of it as a file. */
function Rest({ shown, whole, onSave }: ShownOf & { onSave: () => void }) {
  if (!isPart({ shown, whole })) return null;
  return (
    <>
      <span className="small warn">
        first {bytes(shown)} of {bytes(whole)}
      </span>
      <Button kind="word" onClick={onSave}>
        Save all of it
      </Button>
    </>
  );
}

/** Saves a key or a value as it came, byte by byte. */
async function savePart(scanId: ScanId, row: RecordRow, part: RecordPart) {
  try {
    const { base64 } = await call("scan.raw", { scanId, rowId: row.rowId, part });
    await saveAndSay(`${part}-${row.partition}-${row.offset}.bin`, bytesOfBase64(base64));
  } catch (cause) {
    sayFailed(cause);
  }
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
