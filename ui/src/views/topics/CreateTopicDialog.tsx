import { useState } from "react";
import { Dialog } from "../../components/Dialog";
import { Field, Select, TextInput } from "../../components/fields";
import { IconTopic } from "../../components/icons";
import { ReviewFooter } from "../../components/ReviewFooter";
import { type PlanAsking, PlanForm } from "../../features/PlanForm";
import type { Change, ClusterId } from "../../ipc/bindings";
import { useDraft } from "../../ipc/persisted";
import { ErrorView } from "../../ipc/remedies";
import { duration } from "../../lib/time";
import type { Likeness } from "./useClone";

const NAME_MAX = 249;
const CLEANUP = "cleanup.policy";
const RETENTION = "retention.ms";
type Cleanup = "delete" | "compact" | "compact,delete";

const EMPTY = { name: "", partitions: "3", replicas: "", cleanup: "delete" as Cleanup, retention: "" };

const RETENTIONS = [
  { value: "", label: "the broker's default" },
  { value: "3600000", label: "1 hour" },
  { value: "86400000", label: "1 day" },
  { value: "604800000", label: "7 days" },
  { value: "2419200000", label: "4 weeks" },
  { value: "-1", label: "keep for ever" },
] as const;

type Form = typeof EMPTY;

export interface CreateTopicDialogProps {
  clusterId: ClusterId;
  brokers: number;
  /** The topic to be cloned; its own settings come along. */
  like?: Likeness;
  onClose: () => void;
  onApplied: (change: Change) => void;
}

/** The form, and then its plan. What the cluster refuses is said in the form, which keeps its text. */
export function CreateTopicDialog({ clusterId, brokers, like, onClose, onApplied }: CreateTopicDialogProps) {
  const [kept, keep, clear] = useDraft("create topic", EMPTY);
  const [copy, setCopy] = useState(() => (like ? formLike(like) : EMPTY));
  const patch = (part: Partial<Form>) => {
    if (like) setCopy((before) => ({ ...before, ...part }));
    else keep(part);
  };
  const applied = (change: Change) => {
    if (!like) clear();
    onApplied(change);
  };
  return (
    <PlanForm clusterId={clusterId} onClose={onClose} onApplied={applied}>
      {(asking) => (
        <TopicForm
          brokers={brokers}
          like={like}
          form={like ? copy : kept}
          asking={asking}
          onPatch={(part) => {
            asking.reset();
            patch(part);
          }}
          onClose={onClose}
        />
      )}
    </PlanForm>
  );
}

interface TopicFormProps {
  brokers: number;
  like: Likeness | undefined;
  form: Form;
  asking: PlanAsking;
  onPatch: (part: Partial<Form>) => void;
  onClose: () => void;
}

function TopicForm({ brokers, like, form, asking, onPatch: patch, onClose }: TopicFormProps) {
  const others = like?.configs.filter(({ name }) => name !== CLEANUP && name !== RETENTION) ?? [];
  const replicas = form.replicas === "" ? String(Math.min(3, Math.max(1, brokers))) : form.replicas;
  const wrong = {
    name: nameProblem(form.name),
    partitions: countProblem("Partitions", form.partitions, 10_000),
    replicas: countProblem("Replicas", replicas, Math.max(1, brokers)),
  };
  const problem = wrong.name ?? wrong.partitions ?? wrong.replicas;
  // That nothing is typed yet is no mistake.
  const nameMistake = form.name === "" ? undefined : wrong.name;
  const review = () => {
    if (problem) return;
    const configs = [
      ...(form.cleanup === "delete" ? [] : [{ name: CLEANUP, value: form.cleanup }]),
      ...(form.retention === "" ? [] : [{ name: RETENTION, value: form.retention }]),
      ...others,
    ];
    asking.review({
      kind: "createTopic",
      name: form.name,
      partitions: Number(form.partitions),
      replicationFactor: Number(replicas),
      configs,
    });
  };
  return (
    <Dialog
      title={like ? `Clone topic ${like.name}` : "Create topic"}
      icon={IconTopic}
      onClose={onClose}
      footer={
        <ReviewFooter problem={problem} silent running={asking.running} onClose={onClose} onReview={review} />
      }
    >
      {asking.error && <ErrorView error={asking.error} onRetry={review} />}
      <div className="pad stack">
        <Field label="Name" problem={nameMistake}>
          <TextInput
            name="Topic name"
            autoFocus
            value={form.name}
            problem={nameMistake}
            onChange={(name) => patch({ name })}
            onEnter={review}
            placeholder="orders"
          />
        </Field>
        <Field label="Partitions" problem={wrong.partitions}>
          <TextInput
            name="Partitions"
            numeric
            size="w-number"
            value={form.partitions}
            problem={wrong.partitions}
            onChange={(partitions) => patch({ partitions })}
            onEnter={review}
          />
        </Field>
        <Field label="Replicas" problem={wrong.replicas}>
          <span className="row">
            <TextInput
              name="Replicas"
              numeric
              size="w-number"
              value={replicas}
              problem={wrong.replicas}
              onChange={(text) => patch({ replicas: text })}
              onEnter={review}
            />
            <span className="label t3">of {brokers} brokers</span>
          </span>
        </Field>
        <Field label="Cleanup">
          <Select<Cleanup>
            big
            name="Cleanup"
            value={form.cleanup}
            options={[
              { value: "delete", label: "delete old records" },
              { value: "compact", label: "keep the latest of each key" },
              { value: "compact,delete", label: "both" },
            ]}
            onChange={(cleanup) => patch({ cleanup })}
          />
        </Field>
        {others.length > 0 && (
          <Field label="Also">
            <span className="mono-data t2 wrap">
              {others.map(({ name, value }) => `${name}=${value}`).join("\n")}
            </span>
          </Field>
        )}
        {form.cleanup !== "compact" && (
          <Field label="Keep for">
            <Select
              big
              name="Keep for"
              value={form.retention}
              options={retentionsWith(form.retention)}
              onChange={(retention) => patch({ retention })}
            />
          </Field>
        )}
      </div>
    </Dialog>
  );
}

function formLike(like: Likeness): Form {
  const of = (name: string) => like.configs.find((config) => config.name === name)?.value;
  return {
    name: `${like.name}.copy`.slice(0, NAME_MAX),
    partitions: String(like.partitions),
    replicas: String(like.replicationFactor),
    cleanup: cleanupOf(of(CLEANUP)),
    retention: of(RETENTION) ?? "",
  };
}

function cleanupOf(text: string | undefined): Cleanup {
  const words = (text ?? "delete").split(",").map((word) => word.trim());
  if (!words.includes("compact")) return "delete";
  return words.includes("delete") ? "compact,delete" : "compact";
}

function retentionsWith(value: string): { value: string; label: string }[] {
  const known = RETENTIONS.some((one) => one.value === value);
  return known ? [...RETENTIONS] : [...RETENTIONS, { value, label: `${duration(Number(value))}, as there` }];
}

function nameProblem(name: string): string | undefined {
  if (name === "") return "Enter a name";
  if (name.length > NAME_MAX) return `A name has at most ${NAME_MAX} characters`;
  if (name === "." || name === "..") return "This name is reserved";
  return /^[a-zA-Z0-9._-]+$/.test(name) ? undefined : "Letters, digits, dot, underscore and hyphen only";
}

function countProblem(what: string, text: string, max: number): string | undefined {
  const fits = /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= max;
  return fits ? undefined : `${what} is 1 to ${max}`;
}
