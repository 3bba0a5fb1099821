import { useState } from "react";
import { Dialog } from "../../components/Dialog";
import { Field, Select } from "../../components/fields";
import { Glyph } from "../../components/Glyph";
import { IconInfo, IconSettings } from "../../components/icons";
import { ReviewFooter } from "../../components/ReviewFooter";
import { Waiting } from "../../components/states";
import type { PlanAsking } from "../../features/PlanForm";
import { SettingValue } from "../../features/SettingValue";
import { groupOf, groupRank, locked, valueProblem } from "../../features/settings";
import { toEach } from "../../features/several";
import type { ClusterId, ConfigRow } from "../../ipc/bindings";
import { useCall } from "../../ipc/call";
import { ErrorView } from "../../ipc/remedies";
import { counted } from "../../lib/numbers";

const FIRST = "retention.ms";

export interface SettingDialogProps {
  clusterId: ClusterId;
  topics: readonly string[];
  /** The one setting that is asked for; otherwise it is chosen. */
  setting?: string;
  onClose: () => void;
  asking: PlanAsking;
}

/** One setting for several topics. What there is to set is read from the first of them. */
export function SettingDialog({ clusterId, topics, setting, onClose, asking }: SettingDialogProps) {
  const detail = useCall("topic.get", { clusterId, topic: topics[0] ?? "" });
  const cell = detail.value?.value.configs;
  const error = detail.error ?? (cell?.state === "failed" ? cell.error : undefined);
  const [name, setName] = useState(setting ?? FIRST);
  const [custom, setCustom] = useState(true);
  const [typed, setTyped] = useState<string>();
  const rows = cell?.state === "value" ? choosable(cell.value) : [];
  const row = rows.find((one) => one.name === name);
  const text = typed ?? row?.value ?? "";
  const wrong = row && custom ? valueProblem(row, text) : undefined;
  const problem = row ? wrong : "The settings are not there yet";
  const review = () => {
    if (problem !== undefined) return;
    const entries = [custom ? { name, value: text.trim() } : { name }];
    asking.review(toEach(topics, (topic) => ({ kind: "setTopicConfigs", name: topic, entries })));
  };
  const choose = (next: string) => {
    setName(next);
    setTyped(undefined);
  };
  const of = topics.length === 1 ? topics[0] : counted(topics.length, "topic");
  return (
    <Dialog
      title={setting === FIRST ? `Set the retention of ${of}` : `Change a setting of ${of}`}
      icon={IconSettings}
      onClose={onClose}
      footer={
        <ReviewFooter problem={problem} silent running={asking.running} onClose={onClose} onReview={review} />
      }
    >
      {detail.loading && <Waiting words="Reading settings" />}
      {error && <ErrorView error={error} onRetry={detail.retry} />}
      {asking.error && <ErrorView error={asking.error} onRetry={review} />}
      {row && (
        <div className="pad stack">
          {setting === undefined && (
            <Field label="Setting">
              <span className="row">
                <Select
                  big
                  name="Setting"
                  value={name}
                  options={rows.map((one) => ({ value: one.name, label: one.name }))}
                  onChange={choose}
                />
                <span className="label t3">{groupOf(name)}</span>
              </span>
            </Field>
          )}
          {row.doc && <p className="small t2 selectable">{row.doc}</p>}
          <div className="stack" role="radiogroup" aria-label={`Value of ${name}`}>
            <label className="check">
              <input type="radio" name="how" checked={!custom} onChange={() => setCustom(false)} />
              Inherited <span className="t3">what the cluster says</span>
            </label>
            <label className="check">
              <input type="radio" name="how" checked={custom} onChange={() => setCustom(true)} />
              Set on {topics.length === 1 ? "this topic" : "these topics"}
            </label>
            {custom && (
              <SettingValue row={row} text={text} problem={wrong} onText={setTyped} onEnter={review} />
            )}
          </div>
          <p className="row small t2">
            <Glyph icon={IconInfo} />
            The value to begin with is that of {topics[0]}; the review shows each topic's own.
          </p>
        </div>
      )}
    </Dialog>
  );
}

function choosable(rows: readonly ConfigRow[]): ConfigRow[] {
  const open = rows.filter((row) => locked(row) === undefined);
  return open.sort((a, b) => groupRank(a.name) - groupRank(b.name) || (a.name < b.name ? -1 : 1));
}
