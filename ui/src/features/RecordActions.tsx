// What can be done with a record: sent again after a change, or taken along as text.
import { Button } from "../components/Button";
import { copyAndSay } from "../components/CopyButton";
import { IconDown, IconProduce } from "../components/icons";
import { MenuButton, type MenuEntry } from "../components/Menu";
import { usePageActions } from "../components/pageActions";
import type { Body, RecordFull, RecordRow, RecordTemplate, ScanId } from "../ipc/bindings";
import { call } from "../ipc/call";
import { sayFailed } from "../ipc/failed";
import { kcatCommand, recordJson } from "../lib/recordText";

/** The host puts no larger record in a form, nor lays it out as one JSON. */
const TEMPLATE_BYTES_MAX = 256 * 1024;
const TOO_LARGE = "It is larger than 256 KiB: save it and send it with another tool";

export interface RecordActionsProps {
  scanId: ScanId;
  row: RecordRow;
  topic: string;
  bootstrap: string;
  record: RecordFull | undefined;
  refusal: string | undefined;
  onResend: (record: RecordTemplate) => void;
}

export function RecordActions(props: RecordActionsProps) {
  const { scanId, row, topic, record } = props;
  const tooLarge = row.bytes > TEMPLATE_BYTES_MAX ? TOO_LARGE : undefined;
  const refusal = props.refusal ?? tooLarge;
  // The screen shows payloads laid out for reading; what is sent or copied is asked for byte by byte.
  const withTemplate = (act: (template: RecordTemplate) => void) => () => {
    call("scan.template", { scanId, rowId: row.rowId }).then(act, sayFailed);
  };
  const resend = withTemplate(props.onResend);
  const copyJson = withTemplate((template) => {
    if (!record) return;
    const text = recordJson({
      topic,
      ...template,
      offset: row.offset,
      timestamp: row.timestampType === "none" ? undefined : row.timestamp,
      jsonKey: record.key.kind === "json",
      jsonValue: record.value.kind === "json",
    });
    void copyAndSay(text, "Record");
  });
  const copyKcat = () =>
    void copyAndSay(kcatCommand(props.bootstrap, topic, row.partition, row.offset), "Command");
  usePageActions([
    {
      id: "record.resend",
      label: "Edit and resend this record",
      icon: IconProduce,
      shortcut: "E",
      disabledReason: refusal,
      run: resend,
    },
    { id: "record.json", label: "Copy this record as JSON", disabledReason: tooLarge, run: copyJson },
    { id: "record.kcat", label: "Copy the kcat command of this record", run: copyKcat },
  ]);
  return (
    <>
      <Button small icon={IconProduce} disabledReason={refusal} onClick={resend}>
        Edit and resend…
      </Button>
      <MenuButton
        entries={[
          {
            label: "JSON, the whole record",
            disabledReason: tooLarge ? "larger than 256 KiB" : record ? undefined : "…",
            run: copyJson,
          },
          { label: "kcat command", run: copyKcat },
          "line",
          part("Value", record?.value),
          part("Key", record?.key),
          headers(record),
          { label: "Offset", run: () => void copyAndSay(`${row.partition}/${row.offset}`, "Offset") },
        ]}
      >
        <button type="button" className="btn sm">
          Copy as
          <IconDown className="i s" size={14} stroke={1.5} aria-hidden />
        </button>
      </MenuButton>
    </>
  );
}

function part(label: string, body: Body | undefined): MenuEntry {
  return {
    label,
    disabledReason: body === undefined || !("hex" in body) ? "empty" : undefined,
    run: () => {
      if (!body || !("hex" in body)) return;
      void copyAndSay(body.kind === "binary" ? body.hex : body.text, label);
    },
  };
}

function headers(record: RecordFull | undefined): MenuEntry {
  const lines = record?.headers.map((h) => `${h.name}: ${"text" in h.value ? h.value.text : h.value.kind}`);
  return {
    label: "Headers",
    disabledReason: lines?.length ? undefined : "none",
    run: () => void copyAndSay((lines ?? []).join("\n"), "Headers"),
  };
}
