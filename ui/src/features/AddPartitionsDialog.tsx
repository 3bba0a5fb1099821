import { useState } from "react";
import { Dialog } from "../components/Dialog";
import { Field, TextInput } from "../components/fields";
import { Glyph } from "../components/Glyph";
import { IconTopic, IconWarn } from "../components/icons";
import { ReviewFooter } from "../components/ReviewFooter";
import { ErrorView } from "../ipc/remedies";
import type { PlanAsking } from "./PlanForm";

export interface AddPartitionsDialogProps {
  topic: string;
  /** How many it has now. */
  now: number;
  onClose: () => void;
  asking: PlanAsking;
}

export function AddPartitionsDialog({ topic, now, onClose, asking }: AddPartitionsDialogProps) {
  const [total, setTotal] = useState(String(now + 1));
  const fits = /^\d+$/.test(total) && Number(total) > now;
  const problem = fits ? undefined : `More than the ${now} it has`;
  const review = () => fits && asking.review({ kind: "addPartitions", name: topic, total: Number(total) });
  return (
    <Dialog
      title={`Add partitions to ${topic}`}
      icon={IconTopic}
      onClose={onClose}
      footer={<ReviewFooter problem={problem} running={asking.running} onClose={onClose} onReview={review} />}
    >
      {asking.error && <ErrorView error={asking.error} onRetry={review} />}
      <div className="pad stack">
        <Field label="Partitions then">
          <span className="row">
            <TextInput
              name="Partitions then"
              numeric
              autoFocus
              size="w-number"
              value={total}
              onChange={setTotal}
              onEnter={review}
            />
            <span className="label t3">now {now}</span>
          </span>
        </Field>
        <p className="row small warn">
          <Glyph icon={IconWarn} />
          Keys move to other partitions, so records of one key are no longer in order across the change.
        </p>
        <p className="small t2">Partitions cannot be taken away again.</p>
      </div>
    </Dialog>
  );
}
