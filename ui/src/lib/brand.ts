// The record mark, the pending mark and the partial mark are chosen once, here.
export const UNKNOWN = "—";
export const PENDING = "…";
export const AT_LEAST = "≥";
