// A form whose answer is a change: the change is asked for as a plan while the form stands, so that what the
// cluster refuses is said in the form, which keeps its text.
import { type ReactNode, useState } from "react";
import { useFocusReturn } from "../components/focusReturn";
import type { AppError, Change, ClusterId } from "../ipc/bindings";
import { useAct } from "../ipc/call";
import { PlanReview } from "./PlanReview";

/** What a form needs to know of the plan it asks for. */
export interface PlanAsking {
  running: boolean;
  error: AppError | undefined;
  review: (change: Change) => void;
  /** Forgets the error, when what it was about is typed anew. */
  reset: () => void;
}

export interface PlanFormProps {
  clusterId: ClusterId;
  onClose: () => void;
  onApplied: (change: Change) => void;
  children: (asking: PlanAsking) => ReactNode;
}

export function PlanForm({ clusterId, onClose, onApplied, children }: PlanFormProps) {
  useFocusReturn();
  const [change, setChange] = useState<Change>();
  const ask = useAct("plan.make");
  // A plan for several lists what is left out of it and why, so it is shown even when nothing remains.
  const blocked = change?.kind === "several" ? undefined : ask.value?.blocked;
  if (change && ask.value && !blocked) {
    return (
      <PlanReview
        clusterId={clusterId}
        change={change}
        plan={ask.value}
        onClose={onClose}
        onApplied={() => onApplied(change)}
      />
    );
  }
  const review = (next: Change) => {
    if (ask.running) return;
    setChange(next);
    ask.run({ clusterId, change: next });
  };
  return children({ running: ask.running, error: ask.error ?? blocked, review, reset: ask.reset });
}
