// Says how a job ended, to a person who has gone elsewhere meanwhile.
import { useEffect, useRef } from "react";
import { say } from "../components/Toasts";
import type { JobId, JobState, JobView } from "../ipc/bindings";
import { useJobs } from "../ipc/job";

/** What is so now that a job is done; nothing where the one who asked for it says so. */
export function doneWords({ operation, title }: Pick<JobView, "operation" | "title">): string | undefined {
  // One that is called "snapshot 2" is not said to be a snapshot twice.
  if (operation === "local.snapshot_take")
    return `${title.replace(/^Snapshot (?=snapshot\b)/i, "")} is taken`;
  if (operation === "plans.apply") return undefined;
  // That a check has ended does not say that all is well: what it found stands on its page.
  return `${title}: ended`;
}

export function useJobNews() {
  const jobs = useJobs();
  const known = useRef(new Map<JobId, JobState>());
  useEffect(() => {
    for (const job of jobs) {
      const before = known.current.get(job.jobId);
      known.current.set(job.jobId, job.state);
      // The connect page shows its own check as it goes.
      if (before !== "running" || job.state === "running" || location.pathname === "/connect") continue;
      if (job.state === "done") {
        const words = doneWords(job);
        if (words !== undefined) say({ words });
      }
      if (job.state === "failed") say({ words: `${job.title}: ${job.error?.what ?? "failed"}`, bad: true });
    }
  }, [jobs]);
}
