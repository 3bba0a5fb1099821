// Every change is shown before it happens: what, from, to, effect, and how to undo it.
import { useEffect, useRef, useState } from "react";
import { Button } from "../components/Button";
import { CopyButton } from "../components/CopyButton";
import { Dialog } from "../components/Dialog";
import { Glyph } from "../components/Glyph";
import { IconHistory, IconInfo, IconWarn } from "../components/icons";
import { Section } from "../components/layout";
import { Waiting } from "../components/states";
import { say } from "../components/Toasts";
import { TypedConfirm, unconfirmed } from "../components/TypedConfirm";
import { SafeLine, SafeText } from "../components/text";
import type { AppliedPlan, Change, ClusterId, Plan } from "../ipc/bindings";
import { useAct, useCall } from "../ipc/call";
import { ErrorView } from "../ipc/remedies";
import { LINES_MAX, PlanChanges } from "./PlanChanges";
import { unfinished } from "./planCounts";

/** What the host says of a topic without records; nothing is lost with it. */
const NOTHING_LOST = "It holds no records.";

export interface PlanReviewProps {
  clusterId: ClusterId;
  change: Change;
  /** The plan, where a form has asked for it already. */
  plan?: Plan;
  onClose: () => void;
  onApplied?: (applied: AppliedPlan) => void;
}

export function PlanReview({ clusterId, change, plan: given, onClose, onApplied }: PlanReviewProps) {
  // A plan is an answer to the state of this moment, so it is never taken from a cache.
  const [asking] = useState(() => crypto.randomUUID());
  const made = useCall("plan.make", { clusterId, change }, { fresh: asking, enabled: given === undefined });
  const plan = made.value ?? given;
  const [typed, setTyped] = useState("");
  const apply = useAct("plan.apply", (applied) => {
    if (!applied.outcomes.some(unfinished)) {
      say({ words: `Done: ${plan?.title ?? "the change"}` });
      onApplied?.(applied);
      onClose();
    }
  });
  const cancel = useRef<HTMLButtonElement>(null);
  // Enter applies what can be taken back; what cannot waits for its name, or for its button.
  const calm = plan !== undefined && plan.class !== "destructive" && !plan.confirm && !plan.blocked;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus is placed once, when the plan is there.
  useEffect(() => {
    if (plan && !plan.confirm && !calm) cancel.current?.focus();
  }, [plan?.planId]);

  const failed = apply.value?.outcomes.some(unfinished);
  const reason = plan?.blocked?.what ?? unconfirmed(plan?.confirm ?? undefined, typed);

  return (
    <Dialog
      title={plan?.title ?? "Review the change"}
      size="wide"
      onClose={onClose}
      footer={
        <>
          {plan && <Undo plan={plan} />}
          <span className="grow" />
          <Button ref={cancel} onClick={onClose}>
            {failed ? "Close" : "Cancel"}
          </Button>
          {plan && !failed && (
            <Button
              autoFocus={calm}
              kind={plan.class === "destructive" ? "danger" : "primary"}
              running={apply.running}
              disabledReason={reason}
              onClick={() =>
                apply.run({ planId: plan.planId, confirmation: plan.confirm ? typed : undefined })
              }
            >
              {plan.button}
            </Button>
          )}
        </>
      }
    >
      {made.loading && <Waiting words="Working out what changes" />}
      {made.error && <ErrorView error={made.error} onRetry={made.retry} />}
      {plan?.blocked && <ErrorView error={plan.blocked} />}
      {apply.error && <ErrorView error={apply.error} onRetry={made.retry} />}
      {plan && <PlanChanges plan={plan} applying={apply.running} outcomes={apply.value} />}
      {plan && plan.impact.length > 0 && <Impact plan={plan} />}
      {plan && (
        <>
          <Section title="Command" note="the same change by Kafka's own tool">
            <CopyButton text={plan.command} what="Command" words="Copy" />
          </Section>
          <pre className={`code data breaks ${plan.changes.length > LINES_MAX ? "capped" : ""}`}>
            <SafeText text={plan.command} />
          </pre>
        </>
      )}
      {plan?.confirm && !plan.blocked && (
        <div className="pad row mt-2">
          <TypedConfirm word={plan.confirm} typed={typed} onType={setTyped} />
        </div>
      )}
      <div className="mt-3" />
    </Dialog>
  );
}

function Impact({ plan }: { plan: Plan }) {
  return (
    <>
      <Section title="Impact" />
      <ul className="pad-x stack-1">
        {plan.impact.map((line) => (
          <li key={line} className="row small">
            {plan.class === "destructive" && line !== NOTHING_LOST ? (
              <Glyph icon={IconWarn} className="bad" />
            ) : (
              <Glyph icon={IconInfo} className="t3" />
            )}
            <SafeLine text={line} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Undo({ plan }: { plan: Plan }) {
  const undo = plan.changes.map((change) => change.undo).find((text) => text);
  return (
    <span className="row small t2">
      <Glyph icon={IconHistory} />
      {undo ? `Kept in History. ${undo}` : "Kept in History. This cannot be undone."}
    </span>
  );
}
