import { Button, IconButton } from "../../../components/Button";
import { Glyph } from "../../../components/Glyph";
import { IconClose, IconLock, IconUndo } from "../../../components/icons";
import { Section } from "../../../components/layout";
import { SettingValue } from "../../../features/SettingValue";
import { humanValue, locked, valueProblem } from "../../../features/settings";
import type { ConfigRow } from "../../../ipc/bindings";

export interface SettingEditorProps {
  row: ConfigRow;
  /** A new value, null for "handed back", undefined for "as it is". */
  drafted: string | null | undefined;
  /** Why nothing can be written here. */
  refusal: string | undefined;
  onDraft: (value: string | null | undefined) => void;
  onReview: () => void;
  onClose: () => void;
}

/** One setting: what it means, where its value comes from, and what it shall be. */
export function SettingEditor({ row, drafted, refusal, onDraft, onReview, onClose }: SettingEditorProps) {
  const own = row.source === "topic";
  const reason = refusal ?? locked(row);
  const custom = drafted === undefined ? own : drafted !== null;
  const text = typeof drafted === "string" ? drafted : (row.value ?? "");
  const problem = custom && typeof drafted === "string" ? valueProblem(row, drafted) : undefined;
  return (
    <>
      <div className="sec tall">
        <h2 className="mono cut selectable">{row.name}</h2>
        <span className="right">
          <IconButton icon={IconClose} name="Close setting" shortcut="Escape" onClick={onClose} />
        </span>
      </div>
      <div className="pane scroll fill">
        {row.doc && <p className="pad small t2 selectable">{row.doc}</p>}
        {reason ? (
          <p className="pad-x row small">
            <Glyph icon={IconLock} small />
            {reason}
          </p>
        ) : (
          <div className="pad-x stack" role="radiogroup" aria-label={`Value of ${row.name}`}>
            <label className="check">
              <input
                type="radio"
                name="how"
                checked={!custom}
                onChange={() => onDraft(own ? null : undefined)}
              />
              Inherited
              <span className="t3">
                {own ? inheritedWords(row) : `${humanValue(row.name, row.value ?? "")}, ${originWords(row)}`}
              </span>
            </label>
            <label className="check">
              <input
                type="radio"
                name="how"
                checked={custom}
                onChange={() => onDraft(own ? undefined : (row.value ?? ""))}
              />
              Set on this topic
            </label>
            {custom && (
              <SettingValue row={row} text={text} problem={problem} onText={onDraft} onEnter={onReview} />
            )}
          </div>
        )}
        <Section title="Now" />
        <dl className="kv">
          <dt>Value</dt>
          <dd className="mono">{row.sensitive ? "hidden" : humanValue(row.name, row.value ?? "")}</dd>
          <dt>Raw</dt>
          <dd className="mono wrap">{row.sensitive ? "hidden" : (row.value ?? "null")}</dd>
          <dt>Origin</dt>
          <dd>{originWords(row)}</dd>
          <dt>Type</dt>
          <dd className="mono">{row.type}</dd>
        </dl>
      </div>
      {drafted !== undefined && (
        <div className="foot">
          <Button small icon={IconUndo} onClick={() => onDraft(undefined)}>
            Leave as it is
          </Button>
        </div>
      )}
    </>
  );
}

/** What a topic would get without its own value, where the cluster tells. */
function inheritedWords({ name, inherited }: ConfigRow): string {
  if (inherited === undefined || inherited === null) return "what the cluster says";
  return `${humanValue(name, inherited)}, what the cluster says`;
}

export function originWords(row: ConfigRow): string {
  return {
    topic: "set on the topic",
    broker: "set on a broker",
    cluster: "set for all brokers",
    static: "the broker's file",
    default: "Kafka's default",
  }[row.source];
}
