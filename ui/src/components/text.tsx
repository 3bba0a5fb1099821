// Hostile text made visible, and the marks for what is not text.

import type { Preview } from "../ipc/bindings";
import { safeLine, safeRuns, type TextRun } from "../lib/safeText";

function Runs({ runs }: { runs: TextRun[] }) {
  return (
    // Isolation keeps right-to-left payloads from reordering what stands beside them.
    <bdi>
      {runs.map((run, index) =>
        run.name ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: runs of one text never move.
          <span key={index} className="standin" title={run.name}>
            {run.text}
          </span>
        ) : (
          run.text
        ),
      )}
    </bdi>
  );
}

/** Text of several lines with its hidden characters shown. */
export function SafeText({ text }: { text: string }) {
  return <Runs runs={safeRuns(text)} />;
}

/** The same for one line; line feeds and tabs are shown too. */
export function SafeLine({ text }: { text: string }) {
  return <Runs runs={safeLine(text)} />;
}

/** null, "" and missing are three different marks. */
export function Mark({ kind }: { kind: "null" | "empty" | "missing" }) {
  const words = { null: "null", empty: '""', missing: "missing" }[kind];
  const name = { null: "null", empty: "empty", missing: "missing" }[kind];
  return (
    <span className="mark" title={name}>
      {words}
    </span>
  );
}

/** A key or value in a cell. */
export function PreviewText({ preview, what }: { preview: Preview; what: "key" | "value" }) {
  switch (preview.kind) {
    case "null":
      return (
        <>
          <Mark kind="null" /> {what === "value" && <span className="t3 word">tombstone</span>}
        </>
      );
    case "empty":
      return (
        <>
          <Mark kind="empty" /> {what === "value" && <span className="t3 word">empty</span>}
        </>
      );
    case "text":
      return (
        <>
          <SafeLine text={preview.text} />
          {preview.truncated && <span className="t3">…</span>}
        </>
      );
    case "binary":
      return (
        <>
          <span className="mark">{preview.bytes} B</span> <span className="t2">{spaced(preview.hex)}</span>
          {preview.truncated && <span className="t3">…</span>}
        </>
      );
  }
}

function spaced(hex: string): string {
  return hex.match(/../g)?.join(" ") ?? hex;
}
