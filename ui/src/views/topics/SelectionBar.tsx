import { Button } from "../../components/Button";
import { Glyph } from "../../components/Glyph";
import { IconClock, IconDelete, IconErase, IconSettings, IconWarn } from "../../components/icons";
import { type Action, usePageActions } from "../../components/pageActions";
import { PLAN_TOPICS_MAX, toEach } from "../../features/several";
import type { Change } from "../../ipc/bindings";
import { counted, exactNumber } from "../../lib/numbers";
import type { Doing } from "./TopicDialogs";

export interface SelectionBarProps {
  /** Selected topics, sorted by name. */
  topics: readonly string[];
  /** How many of them the list does not show now. */
  unseen: number;
  refusal: string | undefined;
  onDoing: (doing: Doing) => void;
  onChange: (change: Change) => void;
  onSelect: (topics: readonly string[]) => void;
}

/** What may be done to all selected topics, as one plan. */
export function SelectionBar({ topics, unseen, refusal, onDoing, onChange, onSelect }: SelectionBarProps) {
  const count = counted(topics.length, "topic");
  const over = topics.length - PLAN_TOPICS_MAX;
  const disabledReason = refusal ?? (over > 0 ? LIMIT : undefined);
  const clear = () => onSelect([]);
  const keepFirst = () => onSelect(topics.slice(0, PLAN_TOPICS_MAX));
  const actions: (Action & { words: string })[] = [
    {
      id: "topics.retention",
      label: `Set the retention of ${count}`,
      words: "Set retention…",
      icon: IconClock,
      disabledReason,
      run: () => onDoing({ kind: "set", topics, setting: "retention.ms" }),
    },
    {
      id: "topics.setting",
      label: `Change a setting of ${count}`,
      words: "Change a setting…",
      icon: IconSettings,
      disabledReason,
      run: () => onDoing({ kind: "set", topics }),
    },
    {
      id: "topics.empty",
      label: `Empty ${count}`,
      words: "Empty…",
      icon: IconErase,
      disabledReason,
      run: () => onDoing({ kind: "empty", topics }),
    },
    {
      id: "topics.delete",
      label: `Delete ${count}`,
      words: "Delete…",
      icon: IconDelete,
      disabledReason,
      run: () => onChange(toEach(topics, (name) => ({ kind: "deleteTopic", name }))),
    },
  ];
  usePageActions([
    ...actions,
    { id: "topics.unselect", label: "Clear the selection", run: clear },
    ...(over > 0 ? [{ id: "topics.keep", label: KEEP, run: keepFirst }] : []),
  ]);
  return (
    <section className={`foot canvas ${over > 0 ? "wraps" : ""}`} aria-label="Selected topics">
      {over > 0 && (
        <div className="whole row">
          <Glyph icon={IconWarn} className="warn" />
          <span role="status">
            {LIMIT}, and {exactNumber(over)} more {over === 1 ? "is" : "are"} selected.
          </span>
          <Button small onClick={keepFirst}>
            {KEEP}
          </Button>
        </div>
      )}
      <span className="cut" role="status">
        <b>{count}</b> selected
        {unseen > 0 && <span className="t2">, {exactNumber(unseen)} not in this view</span>}
      </span>
      <Button small kind="quiet" onClick={clear}>
        Clear
      </Button>
      <span className="grow" />
      {actions.map(({ id, words, label, icon, run }) => (
        <Button key={id} small icon={icon} name={label} disabledReason={disabledReason} onClick={run}>
          {words}
        </Button>
      ))}
    </section>
  );
}

const LIMIT = `One plan takes up to ${PLAN_TOPICS_MAX} topics`;
const KEEP = `Keep the first ${PLAN_TOPICS_MAX}`;
