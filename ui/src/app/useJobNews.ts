// Says how a job ended, to a person who has gone elsewhere meanwhile.
import { useEffect, useRef } from "react";
import { say } from "../components/Toasts";
import type { JobId, JobState } from "../ipc/bindings";
import { useJobs } from "../ipc/job";

export function useJobNews() {
  const jobs = useJobs();
  const known = useRef(new Map<JobId, JobState>());
  useEffect(() => {
    for (const job of jobs) {
      const before = known.current.get(job.jobId);
      known.current.set(job.jobId, job.state);
      // The connect page shows its own check as it goes.
      if (before !== "running" || job.state === "running" || location.pathname === "/connect") continue;
      // That a check has ended does not say that all is well: what it found stands on its page.
      if (job.state === "done") say({ words: `${job.title}: ended` });
      if (job.state === "failed") say({ words: `${job.title}: ${job.error?.what ?? "failed"}`, bad: true });
    }
  }, [jobs]);
}
