import { useState } from "react";
import { Dialog } from "../components/Dialog";
import { Field, TextInput } from "../components/fields";
import { Glyph } from "../components/Glyph";
import { IconTopic, IconWarn } from "../components/icons";
import { ReviewFooter } from "../components/ReviewFooter";
import type { Change } from "../ipc/bindings";

export interface AddPartitionsDialogProps {
  topic: string;
  /** How many it has now. */
  now: number;
  onClose: () => void;
  onReview: (change: Change) => void;
}

export function AddPartitionsDialog({ topic, now, onClose, onReview }: AddPartitionsDialogProps) {
  const [total, setTotal] = useState(String(now + 1));
  const fits = /^\d+$/.test(total) && Number(total) > now;
  const problem = fits ? undefined : `More than the ${now} it has`;
  const review = () => fits && onReview({ kind: "addPartitions", name: topic, total: Number(total) });
  return (
    <Dialog
      title={`Add partitions to ${topic}`}
      icon={IconTopic}
      onClose={onClose}
      footer={<ReviewFooter problem={problem} onClose={onClose} onReview={review} />}
    >
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
