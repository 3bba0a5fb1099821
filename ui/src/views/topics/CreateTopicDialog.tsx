import { useState } from "react";
import { Dialog } from "../../components/Dialog";
import { Field, Select, TextInput } from "../../components/fields";
import { IconTopic } from "../../components/icons";
import { ReviewFooter } from "../../components/ReviewFooter";
import { type PlanAsking, PlanForm } from "../../features/PlanForm";
import type { Change, ClusterId } from "../../ipc/bindings";
import { useDraft } from "../../ipc/persisted";
import { ErrorView } from "../../ipc/remedies";
import { CopiesFields, KeepingFields, SettingLines } from "./NewTopicFields";
import {
  changeOf,
  EMPTY,
  filledBy,
  firstProblem,
  formLike,
  type NewTopic,
  problemsOf,
  templateOf,
} from "./newTopic";
import { TEMPLATES } from "./templates";
import type { Likeness } from "./useClone";

export interface CreateTopicDialogProps {
  clusterId: ClusterId;
  brokers: number;
  /** The topic to be cloned; its own settings come along. */
  like?: Likeness;
  /** It was opened to choose a template first. */
  byTemplate?: boolean;
  onClose: () => void;
  onApplied: (change: Change) => void;
}

/** The form, and then its plan. What the cluster refuses is said in the form, which keeps its text. */
export function CreateTopicDialog(props: CreateTopicDialogProps) {
  const { clusterId, brokers, like, byTemplate, onClose, onApplied } = props;
  const [kept, keep, clear] = useDraft("create topic", EMPTY);
  const [copy, setCopy] = useState(() => (like ? formLike(like) : EMPTY));
  const patch = (part: Partial<NewTopic>) => {
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
          byTemplate={byTemplate ?? false}
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
  byTemplate: boolean;
  form: NewTopic;
  asking: PlanAsking;
  onPatch: (part: Partial<NewTopic>) => void;
  onClose: () => void;
}

function TopicForm({ brokers, like, byTemplate, form, asking, onPatch, onClose }: TopicFormProps) {
  const problems = problemsOf(form, brokers);
  const problem = firstProblem(problems);
  // That nothing is typed yet is no mistake.
  const nameMistake = form.name === "" ? undefined : problems.name;
  const review = () => {
    if (problem === undefined) asking.review(changeOf(form, brokers));
  };
  const fields = { form, brokers, problems, onPatch, onEnter: review };
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
            autoFocus={!byTemplate}
            value={form.name}
            problem={nameMistake}
            onChange={(name) => onPatch({ name })}
            onEnter={review}
            placeholder="orders"
          />
        </Field>
        {!like && <TemplateField form={form} autoFocus={byTemplate} onPick={(id) => onPatch(filledBy(id))} />}
        <CopiesFields {...fields} />
        <KeepingFields form={form} onPatch={onPatch} />
        {form.settings.length > 0 && <SettingLines {...fields} />}
      </div>
    </Dialog>
  );
}

const NO_TEMPLATE = { value: "", label: "none" };

function TemplateField(props: { form: NewTopic; autoFocus: boolean; onPick: (id: string) => void }) {
  const why = templateOf(props.form)?.why;
  return (
    <>
      <Field label="Template">
        <Select
          big
          name="Template"
          autoFocus={props.autoFocus}
          value={props.form.template}
          options={[NO_TEMPLATE, ...TEMPLATES.map(({ id, label }) => ({ value: id, label }))]}
          onChange={props.onPick}
        />
      </Field>
      {why && (
        <p className="field-note small t2" role="status">
          {why}
        </p>
      )}
    </>
  );
}
