import type { JobId, JobView } from "./bindings";
import { call } from "./call";
import { useFeed } from "./feed";

/** All jobs, newest first. */
export function useJobs(): JobView[] {
  const jobs = useFeed("jobs", {}).value ?? [];
  return [...jobs].sort((a, b) => b.startedAt - a.startedAt);
}

export function useJob(jobId: JobId | undefined): JobView | undefined {
  return useJobs().find((job) => job.jobId === jobId);
}

export function cancelJob(jobId: JobId): void {
  void call("job.cancel", { jobId });
}
