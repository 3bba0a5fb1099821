// The lines of a plan, and how many of them are done while and after it is applied.
import { Button } from "../components/Button";
import { Glyph } from "../components/Glyph";
import { IconBad, IconOk, IconPending, IconRunning, IconWarn } from "../components/icons";
import { SafeLine } from "../components/text";
import type { AppliedPlan, JobView, Outcome, Plan, PlannedChange } from "../ipc/bindings";
import { cancelJob, useJobs } from "../ipc/job";
import { safeWords } from "../lib/safeText";
import { ProgressBar } from "./JobList";
import { appliedWords, applyingWords, beforeWords, unfinished } from "./planCounts";

/** More lines than this get a scroll bar of their own, so that the button's condition stays in sight. */
export const LINES_MAX = 8;

export interface PlanChangesProps {
  plan: Plan;
  applying: boolean;
  outcomes: AppliedPlan | undefined;
}

export function PlanChanges({ plan, applying, outcomes }: PlanChangesProps) {
  const many = plan.changes.length > LINES_MAX;
  return (
    <>
      {plan.changes.length > 1 && <Summary plan={plan} applying={applying} outcomes={outcomes} />}
      <ul
        className={`changes ${many ? "capped" : ""}`}
        aria-label="Changes"
        // What scrolls by itself is scrolled by keys.
        tabIndex={many ? 0 : undefined}
      >
        {plan.changes.map((change) => (
          <Line
            key={`${change.resource}${change.effect}`}
            change={change}
            outcome={outcomes?.outcomes.find((one) => one.resource === change.resource)}
          />
        ))}
      </ul>
    </>
  );
}

function Line({ change, outcome }: { change: PlannedChange; outcome: Outcome | undefined }) {
  const [icon, tone] = markOf(outcome);
  const { before, after } = change;
  return (
    <li className={`small ${change.leftOut ? "t3" : ""}`}>
      <Glyph icon={icon} className={tone} />
      <span className="mono-data b cut" title={safeWords(change.resource)}>
        <SafeLine text={change.resource} />
      </span>
      <span className="from-to">
        {before !== undefined && before !== null && (
          <s className="mono-data t3">
            <SafeLine text={before} />
          </s>
        )}
        {after !== undefined && after !== null && (
          <span className="mono-data">
            <SafeLine text={after} />
          </span>
        )}
      </span>
      <span className="t2">
        <SafeLine text={outcome?.error ? `${outcome.error.what}. ${outcome.error.why}` : change.effect} />
      </span>
    </li>
  );
}

function markOf(outcome: Outcome | undefined) {
  if (!outcome || !unfinished(outcome)) {
    return outcome?.state === "done" ? ([IconOk, "ok"] as const) : ([IconPending, "t3"] as const);
  }
  return outcome.state === "skipped" ? ([IconWarn, "warn"] as const) : ([IconBad, "bad"] as const);
}

/** How many lines there are; how far the plan is while it is applied; what became of them after. */
function Summary({ plan, applying, outcomes }: PlanChangesProps) {
  const job = useJobs().find((one) => one.state === "running" && isApplying(one, plan));
  if (applying) {
    const total = job?.total ?? plan.changes.length;
    const done = job?.done ?? 0;
    return (
      <div className="pad-x row small summary" role="status">
        <Glyph icon={IconRunning} className="spin acc" />
        <b>{applyingWords(done, total)}</b>
        <ProgressBar done={job?.done ?? undefined} total={total} />
        <span className="grow" />
        {job && (
          <Button small onClick={() => cancelJob(job.jobId)}>
            Stop the rest
          </Button>
        )}
      </div>
    );
  }
  const bad = outcomes?.outcomes.some(unfinished);
  return (
    <div className="pad-x row small summary" role="status">
      {outcomes && <Glyph icon={bad ? IconWarn : IconOk} className={bad ? "warn" : "ok"} />}
      <b>{outcomes ? appliedWords(outcomes.outcomes) : beforeWords(plan.changes)}</b>
    </div>
  );
}

/** The host shows a plan that is applied among the jobs, under the plan's own title. */
function isApplying(job: JobView, plan: Plan): boolean {
  return job.operation.startsWith("plan") && job.title === plan.title;
}
