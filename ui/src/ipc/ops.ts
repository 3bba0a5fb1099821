// Request and answer by name, read from the generated list.
import type { Calls, Feeds, JobRef, Jobs } from "./bindings";

export type CallName = keyof Calls | keyof Jobs;
export type CallRequest<N extends CallName> = N extends keyof Calls
  ? Calls[N]["request"]
  : N extends keyof Jobs
    ? Jobs[N]["request"]
    : never;
/** A job's own answer is its id; what it found comes by feed or `job.result`. */
export type CallAnswer<N extends CallName> = N extends keyof Calls ? Calls[N]["response"] : JobRef;

export type FeedName = keyof Feeds;
export type FeedRequest<N extends FeedName> = Feeds[N]["request"];
export type FeedValue<N extends FeedName> = Feeds[N]["response"];
