import { Button } from "../components/Button";
import { Age } from "../components/clock";
import { Glyph } from "../components/Glyph";
import { IconBad, IconOk, IconRunning, IconStop } from "../components/icons";
import { Empty } from "../components/states";
import { SafeLine } from "../components/text";
import type { JobView } from "../ipc/bindings";
import { cancelJob, useJobs } from "../ipc/job";
import { shortNumber } from "../lib/numbers";

/** How far a job is, in words. */
export function progressWords(job: JobView): string {
  if (job.done === undefined || job.done === null) return "";
  const total = job.total ? ` of ${shortNumber(job.total)}` : "";
  return `${shortNumber(job.done)}${total}${job.unit ? ` ${job.unit}` : ""}`;
}

export function ProgressBar({ done, total }: { done?: number; total?: number }) {
  const share = total && done !== undefined ? Math.min(1, done / total) : undefined;
  return (
    <span className={`prog ${share === undefined ? "run" : ""}`}>
      <i style={share === undefined ? undefined : { width: `${share * 100}%` }} />
    </span>
  );
}

export function JobList() {
  const jobs = useJobs();
  if (jobs.length === 0)
    return <Empty title="Nothing runs">Scans, checks and long changes appear here.</Empty>;
  return (
    <ul className="pad stack" aria-label="Jobs">
      {jobs.map((job) => (
        <li key={job.jobId} className="row small">
          {job.state === "running" ? (
            <Glyph icon={IconRunning} className="spin acc" />
          ) : job.state === "done" ? (
            <Glyph icon={IconOk} className="ok" />
          ) : (
            <Glyph
              icon={job.state === "failed" ? IconBad : IconStop}
              className={job.state === "failed" ? "bad" : "t3"}
            />
          )}
          <span className="b">
            <SafeLine text={job.title} />
          </span>
          <span className="t2 grow cut">
            {job.error?.what ?? (job.state === "cancelled" ? "stopped" : progressWords(job))}
          </span>
          {job.state === "running" && <ProgressBar done={job.done} total={job.total} />}
          <Age at={job.startedAt} className="t3" />
          {job.state === "running" && (
            <Button small name={`Stop ${job.title}`} onClick={() => cancelJob(job.jobId)}>
              Stop
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
