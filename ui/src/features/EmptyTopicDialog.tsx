import { useState } from "react";
import { useZone, zoneWord } from "../components/clock";
import { Dialog } from "../components/Dialog";
import { Field, Segmented, TextInput } from "../components/fields";
import { Glyph } from "../components/Glyph";
import { IconErase, IconWarn } from "../components/icons";
import { ReviewFooter } from "../components/ReviewFooter";
import type { EmptyTo, Offset } from "../ipc/bindings";
import { ErrorView } from "../ipc/remedies";
import { counted } from "../lib/numbers";
import { parseTime } from "../lib/time";
import type { PlanAsking } from "./PlanForm";
import { toEach } from "./several";

type Kind = EmptyTo["kind"];

export interface EmptyTopicDialogProps {
  topics: readonly string[];
  onClose: () => void;
  asking: PlanAsking;
}

/** Asks up to where; what that costs is shown by the plan. */
export function EmptyTopicDialog({ topics, onClose, asking }: EmptyTopicDialogProps) {
  const zone = useZone();
  const [kind, setKind] = useState<Kind>("end");
  const [offset, setOffset] = useState("");
  const [time, setTime] = useState("");
  const at = parseTime(time, zone);
  const problem =
    kind === "offset" && !/^\d+$/.test(offset)
      ? "Enter an offset"
      : kind === "time" && at === undefined
        ? "Enter a time, such as 2026-11-18 14:05"
        : undefined;
  const review = () => {
    if (problem) return;
    const to: EmptyTo =
      kind === "offset"
        ? { kind, offset: offset as Offset }
        : kind === "time"
          ? { kind, at: at ?? 0 }
          : { kind: "end" };
    asking.review(toEach(topics, (name) => ({ kind: "emptyTopic", name, to })));
  };
  return (
    <Dialog
      title={topics.length === 1 ? `Empty topic ${topics[0]}` : `Empty ${counted(topics.length, "topic")}`}
      icon={IconErase}
      onClose={onClose}
      footer={<ReviewFooter problem={problem} running={asking.running} onClose={onClose} onReview={review} />}
    >
      {asking.error && <ErrorView error={asking.error} onRetry={review} />}
      <div className="pad stack">
        <Field label="Delete records">
          <Segmented<Kind>
            name="Delete records"
            value={kind}
            options={[
              { value: "end", label: "To the end" },
              // One offset means another place in each topic.
              ...(topics.length === 1 ? [{ value: "offset" as const, label: "Before an offset" }] : []),
              { value: "time", label: "Before a time" },
            ]}
            onChange={setKind}
          />
        </Field>
        {kind === "offset" && (
          <Field label="Offset">
            <TextInput
              name="Offset"
              size="w-offset"
              numeric
              autoFocus
              value={offset}
              onChange={setOffset}
              onEnter={review}
            />
          </Field>
        )}
        {kind === "time" && (
          <Field label={`Time, ${zoneWord(zone)}`}>
            <TextInput
              name="Time"
              size="w-time"
              autoFocus
              placeholder="2026-11-18 14:05"
              value={time}
              onChange={setTime}
              onEnter={review}
            />
          </Field>
        )}
        <p className="row small t2">
          <Glyph icon={IconWarn} />
          {topics.length === 1 ? "The topic and its settings stay." : "The topics and their settings stay."}{" "}
          Records that come after the review stay too.
        </p>
      </div>
    </Dialog>
  );
}
