// The record mark, the pending mark and the partial mark are chosen once, here.
export const UNKNOWN = "—";
export const PENDING = "…";
export const AT_LEAST = "≥";
export const LAGGING_MEANS = "Lagging: further behind than what its topics got in the last 15 s";
export const STUCK_MEANS =
  "Stuck: it has members and records to read, and has committed nothing for a minute or more";
