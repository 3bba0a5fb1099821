// The states every view has beside its full one.
import { type ReactNode, useEffect, useState } from "react";
import type { Missing } from "../ipc/bindings";
import { counted } from "../lib/numbers";
import { Button } from "./Button";
import { Glyph } from "./Glyph";
import { IconRunning, IconWarn } from "./icons";
import { Tip } from "./Tip";

const QUIET_MS = 150;
const CANCEL_AFTER_MS = 1000;

/** Nothing for 150 ms, then what runs; after a second a way to stop it. */
export function Waiting({ words, onCancel }: { words: string; onCancel?: () => void }) {
  const [phase, setPhase] = useState<"quiet" | "shown" | "long">("quiet");
  useEffect(() => {
    const shown = setTimeout(() => setPhase("shown"), QUIET_MS);
    const long = setTimeout(() => setPhase("long"), CANCEL_AFTER_MS);
    return () => {
      clearTimeout(shown);
      clearTimeout(long);
    };
  }, []);
  if (phase === "quiet") return null;
  return (
    <div className="wait" role="status">
      <Glyph icon={IconRunning} className="spin acc" />
      {words}
      {phase === "long" && onCancel && (
        <Button small onClick={onCancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}

/** Says why there is nothing, and what to do next. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action && <div className="row">{action}</div>}
    </div>
  );
}

/** One line on what an answer lacks; the reasons on hover. */
export function MissingLine({ missing }: { missing: Missing[] }) {
  const first = missing[0];
  if (!first) return null;
  const reasons = missing.map((part) => `${part.scope}: ${part.reason}`).join("\n");
  return (
    <Tip words={<span className="wrap">{reasons}</span>}>
      <div className="note-line warn-bg" role="status">
        <Glyph icon={IconWarn} className="warn" />
        <b>Incomplete</b>
        <span className="cut">
          {first.scope}: {first.reason}
          {missing.length > 1 && `, and ${counted(missing.length - 1, "more part")}`}
        </span>
      </div>
    </Tip>
  );
}
