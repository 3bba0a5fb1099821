// Feeds: shared by key, so ten components that watch one thing open it once. The last value outlives
// the last watcher by a few seconds, so that going back shows it at once.
import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { Old } from "../lib/old";
import { store } from "../lib/store";
import type { AppError, ClusterSummary } from "./bindings";
import { host } from "./current";
import { keep, knownKey, lastKnown, NOT_YET, oldAnswer, olderFor } from "./lastKnown";
import { isSeen } from "./mergeSeen";
import type { FeedName, FeedRequest, FeedValue } from "./ops";

const KEEP_MS = 10_000;
const REOPEN_FIRST_MS = 2000;
const REOPEN_MAX_MS = 20_000;
/** A cluster that answers has done so by then; after that, what was known of one that does not is shown. */
const RECALL_MS = 300;
/** A scan and a check end for good; the others follow something that may come back. */
const ENDING = new Set(["scan", "diagnosis"]);

export interface FeedState<T> {
  value: T | undefined;
  error: AppError | undefined;
  revision: number;
  /** Set when the value as a whole is what was seen last, and not how things are. */
  old: Old | undefined;
}

/** How many feeds were opened and have not answered yet. */
const unanswered = store(0);

const EMPTY: FeedState<never> = { value: undefined, error: undefined, revision: 0, old: undefined };

class SharedFeed {
  state: FeedState<unknown> = EMPTY;
  private watchers = new Set<() => void>();
  private close: (() => void) | undefined;
  private expiry: ReturnType<typeof setTimeout> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  private recall: ReturnType<typeof setTimeout> | undefined;
  private waitMs = REOPEN_FIRST_MS;
  private waiting = false;

  constructor(
    private key: string,
    private name: string,
    private request: unknown,
  ) {}

  watch(onChange: () => void): () => void {
    clearTimeout(this.expiry);
    this.watchers.add(onChange);
    this.close ??= this.open();
    return () => {
      this.watchers.delete(onChange);
      if (this.watchers.size === 0) this.expiry = setTimeout(() => this.end(), KEEP_MS);
    };
  }

  reopen() {
    clearTimeout(this.again);
    clearTimeout(this.recall);
    this.close?.();
    this.close = this.watchers.size > 0 ? this.open() : undefined;
  }

  private open(): () => void {
    this.wait(true);
    this.recall = setTimeout(() => this.showKnown(), RECALL_MS);
    return host().openFeed(this.name, this.request, (message) => {
      this.wait(false);
      clearTimeout(this.recall);
      if (message.err) this.show(this.known(), message.err, this.state.revision);
      else this.show(keep(this.name, this.request, message.value), undefined, message.revision);
      if (message.err) this.reopenLater();
      else this.waitMs = REOPEN_FIRST_MS;
    });
  }

  private known(): unknown {
    return this.state.value ?? lastKnown(this.name, this.request);
  }

  private show(value: unknown, error: AppError | undefined, revision: number) {
    this.state = { value, error, revision, old: oldAnswer(value, error) };
    for (const watcher of this.watchers) watcher();
  }

  private showKnown() {
    const value = lastKnown(this.name, this.request);
    if (this.state.value !== undefined || !isSeen(value)) return;
    this.state = { ...this.state, value, old: { asOf: value.asOf, why: NOT_YET } };
    for (const watcher of this.watchers) watcher();
  }

  private wait(waiting: boolean) {
    if (this.waiting === waiting) return;
    this.waiting = waiting;
    unanswered.set(unanswered.get() + (waiting ? 1 : -1));
  }

  /** A feed that failed has ended in the host; it is opened again while somebody watches. */
  private reopenLater() {
    if (ENDING.has(this.name)) return;
    clearTimeout(this.again);
    this.again = setTimeout(() => this.reopen(), this.waitMs);
    this.waitMs = Math.min(this.waitMs * 2, REOPEN_MAX_MS);
  }

  private end() {
    clearTimeout(this.again);
    clearTimeout(this.recall);
    this.wait(false);
    this.close?.();
    feeds.delete(this.key);
  }
}

const feeds = new Map<string, SharedFeed>();

function shared(name: string, request: unknown): SharedFeed {
  const key = knownKey(name, request);
  let feed = feeds.get(key);
  if (!feed) {
    feed = new SharedFeed(key, name, request);
    feeds.set(key, feed);
  }
  return feed;
}

/** Asks for a feed that will be watched in a moment, so that its answer is under way meanwhile. */
export function openEarly<N extends FeedName>(name: N, request: FeedRequest<N>) {
  shared(name, request).watch(() => undefined)();
}

/** Whether every feed that was opened has answered: what matters less is asked for then. */
export function useAllAnswered(): boolean {
  return useSyncExternalStore(unanswered.watch, () => unanswered.get() === 0);
}

/** Watches a feed; `request` undefined watches nothing. */
export function useFeed<N extends FeedName>(
  name: N,
  request: FeedRequest<N> | undefined,
): FeedState<FeedValue<N>> & { retry: () => void } {
  const away = useAwayCluster(request);
  const state = useShared(name, request);
  return { ...state, old: olderFor(away, state.value, state.old) };
}

/** Returns the cluster that a request is about while none of it can be news. */
export function useAwayCluster(request: unknown): ClusterSummary | undefined {
  const clusterId = (request as { clusterId?: string } | undefined)?.clusterId;
  const all = useShared("clusters", clusterId === undefined ? undefined : {}).value;
  const cluster = all?.find((one) => one.clusterId === clusterId);
  return cluster?.state === "unreachable" || cluster?.state === "stopped" ? cluster : undefined;
}

function useShared<N extends FeedName>(
  name: N,
  request: FeedRequest<N> | undefined,
): FeedState<FeedValue<N>> & { retry: () => void } {
  const key = request === undefined ? undefined : JSON.stringify(request);
  const feed = useMemo(() => (key === undefined ? undefined : shared(name, JSON.parse(key))), [name, key]);
  const subscribe = useCallback(
    // The feed is looked up again, because an expired one leaves the map while its object lives on.
    (onChange: () => void) =>
      key === undefined ? () => undefined : shared(name, JSON.parse(key)).watch(onChange),
    [name, key],
  );
  const state = useSyncExternalStore(subscribe, () =>
    key === undefined ? EMPTY : ((feeds.get(`${name} ${key}`) ?? feed)?.state ?? EMPTY),
  ) as FeedState<FeedValue<N>>;
  return { ...state, retry: () => feed?.reopen() };
}
