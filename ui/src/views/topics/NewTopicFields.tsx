// The fields of a new topic: how many copies of what, how long it is kept, and its further settings.
import { Field, Select, TextInput } from "../../components/fields";
import { humanValue } from "../../features/settings";
import { duration } from "../../lib/time";
import { inSyncOf, type NewTopic, type Problems, replicasOf, settingProblem } from "./newTopic";
import type { Cleanup } from "./templates";

export interface TopicFieldsProps {
  form: NewTopic;
  brokers: number;
  problems: Problems;
  onPatch: (part: Partial<NewTopic>) => void;
  onEnter: () => void;
}

/** Partitions, their replicas, and how many of these must have a record. */
export function CopiesFields({ form, brokers, problems, onPatch, onEnter }: TopicFieldsProps) {
  const replicas = replicasOf(form, brokers);
  return (
    <>
      <Field label="Partitions" problem={problems.partitions}>
        <TextInput
          name="Partitions"
          numeric
          size="w-number"
          value={form.partitions}
          problem={problems.partitions}
          onChange={(partitions) => onPatch({ partitions })}
          onEnter={onEnter}
        />
      </Field>
      <Field label="Replicas" problem={problems.replicas}>
        <span className="row">
          <TextInput
            name="Replicas"
            numeric
            size="w-number"
            value={replicas}
            problem={problems.replicas}
            onChange={(text) => onPatch({ replicas: text })}
            onEnter={onEnter}
          />
          <span className="label t3">of {brokers} brokers</span>
        </span>
      </Field>
      <Field label="In sync" problem={problems.inSync}>
        <span className="row">
          <TextInput
            name="In sync"
            numeric
            size="w-number"
            placeholder="default"
            value={inSyncOf(form, brokers)}
            problem={problems.inSync}
            onChange={(inSync) => onPatch({ inSync })}
            onEnter={onEnter}
          />
          <span className="label t3" title="min.insync.replicas">
            {problems.replicas ? "replicas" : `of ${replicas}`} must have a record sent with acks=all
          </span>
        </span>
      </Field>
    </>
  );
}

const CLEANUPS: readonly { value: Cleanup | ""; label: string }[] = [
  { value: "", label: "the broker's default" },
  { value: "delete", label: "delete old records" },
  { value: "compact", label: "keep the latest of each key" },
  { value: "compact,delete", label: "both" },
];

const RETENTIONS = [
  { value: "", label: "the broker's default" },
  { value: "3600000", label: "1 hour" },
  { value: "86400000", label: "1 day" },
  { value: "604800000", label: "7 days" },
  { value: "2419200000", label: "4 weeks" },
  { value: "7776000000", label: "90 days" },
  { value: "-1", label: "keep for ever" },
];

function retentionsWith(value: string): { value: string; label: string }[] {
  const known = RETENTIONS.some((one) => one.value === value);
  return known ? RETENTIONS : [...RETENTIONS, { value, label: `${duration(Number(value))}, as there` }];
}

/** What goes, and when. A time that is set is shown, also where nothing is deleted by age. */
export function KeepingFields({ form, onPatch }: Pick<TopicFieldsProps, "form" | "onPatch">) {
  return (
    <>
      <Field label="Cleanup">
        <Select
          big
          name="Cleanup"
          value={form.cleanup}
          options={CLEANUPS}
          onChange={(cleanup) => onPatch({ cleanup })}
        />
      </Field>
      {(form.cleanup !== "compact" || form.retention !== "") && (
        <Field label="Keep for">
          <Select
            big
            name="Keep for"
            value={form.retention}
            options={retentionsWith(form.retention)}
            onChange={(retention) => onPatch({ retention })}
          />
        </Field>
      )}
    </>
  );
}

/** Further settings, each with its value and what that means. */
export function SettingLines({ form, problems, onPatch, onEnter }: TopicFieldsProps) {
  const set = (name: string, value: string) =>
    onPatch({ settings: form.settings.map((one) => (one.name === name ? { name, value } : one)) });
  return (
    <Field label="Settings" top problem={problems.settings}>
      <div className="setting-lines">
        {form.settings.map((setting) => {
          const { name, value } = setting;
          const problem = settingProblem(setting);
          return (
            <div key={name}>
              <span className="mono-data cut" title={name}>
                {name}
              </span>
              <TextInput
                name={name}
                placeholder="default"
                value={value}
                problem={problem}
                onChange={(text) => set(name, text)}
                onEnter={onEnter}
              />
              <span className="small t2 cut">
                {problem === undefined && value !== "" && humanValue(name, value.trim())}
              </span>
            </div>
          );
        })}
      </div>
    </Field>
  );
}
