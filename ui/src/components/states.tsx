// The states every view has beside its full one.
import { type ReactNode, useEffect, useState } from "react";
import type { Missing } from "../ipc/bindings";
import { counted } from "../lib/numbers";
import { type Old, sentence } from "../lib/old";
import { safeWords } from "../lib/safeText";
import { clockTime } from "../lib/time";
import { Button } from "./Button";
import { useZone } from "./clock";
import { Glyph } from "./Glyph";
import { IconRunning, IconWarn } from "./icons";
import { Tip } from "./Tip";
import { SafeLine } from "./text";

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
      <h2>
        <SafeLine text={title} />
      </h2>
      {children && <p>{children}</p>}
      {action && <div className="row">{action}</div>}
    </div>
  );
}

export interface MissingLineProps {
  missing: Missing[];
  /** When the last answer came that lacked nothing, milliseconds since the epoch. */
  since?: number;
  /** Scopes of parts that say all there is to say. */
  whole?: ReadonlySet<string>;
}

/** One line on what an answer lacks, and since when; the reasons on hover. */
export function MissingLine({ missing, since, whole }: MissingLineProps) {
  const zone = useZone();
  const all = missing.find((part) => whole?.has(part.scope));
  const first = all ?? missing[0];
  if (!first) return null;
  const words = ({ scope, reason }: Missing) => sentence(whole?.has(scope) ? reason : `${scope}: ${reason}`);
  const from = since === undefined ? "" : ` since ${clockTime(since, zone, false)}`;
  const more = all ? 0 : missing.length - 1;
  return (
    <Tip words={<span className="wrap">{missing.map(words).join("\n")}</span>}>
      <div className="note-line warn-bg" role="status">
        <Glyph icon={IconWarn} className="warn" />
        <b>
          {all ? "No answer" : "Incomplete"}
          {from}
        </b>
        <span className="cut">
          <SafeLine text={words(first)} />
          {more > 0 && ` ${counted(more, "more part")} ${more === 1 ? "is" : "are"} missing.`}
        </span>
      </div>
    </Tip>
  );
}

/** Says of a part as of when it is, and why there is no newer one. */
export function OldLine({ old }: { old: Old }) {
  const zone = useZone();
  return (
    <div className="note-line warn-bg" role="status">
      <Glyph icon={IconWarn} className="warn" />
      <b>As of {clockTime(old.asOf, zone, false)}</b>
      <span className="cut" title={safeWords(old.why)}>
        <SafeLine text={sentence(old.why)} />
      </span>
    </div>
  );
}
