// Calls: one function, one hook, one error type.
import {
  type keepPreviousData,
  QueryClient,
  type UseQueryResult,
  useMutation,
  useQuery,
} from "@tanstack/react-query";
import { HostError } from "../host/host";
import type { Old } from "../lib/old";
import type { AppError, ClusterSummary } from "./bindings";
import { host } from "./current";
import { useAwayCluster } from "./feed";
import { forgetKnown, keep, lastKnown, NOT_YET, oldAnswer, olderFor } from "./lastKnown";
import { isSeen } from "./mergeSeen";
import type { CallAnswer, CallName, CallRequest } from "./ops";

/** After these the cluster holds other data, and what was known of it says nothing of it. */
const OTHER_DATA = new Set(["local.reset", "local.snapshot_restore"]);

/** An AppError as a throwable, so that queries and promises can carry it. */
export class CallError extends HostError {}

export async function call<N extends CallName>(
  name: N,
  request: CallRequest<N>,
  signal?: AbortSignal,
): Promise<CallAnswer<N>> {
  const cancelId = signal ? crypto.randomUUID() : undefined;
  const onAbort = () => void host().rpc("call.cancel", { cancelId });
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    const envelope = await host().rpc(name, request, cancelId);
    if ("err" in envelope) throw new CallError(envelope.err);
    if (OTHER_DATA.has(name)) forgetKnown();
    return envelope.ok as CallAnswer<N>;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

/** Calls an operation whose name came from the backend, such as a remedy's. */
export async function callNamed(op: string, request: unknown): Promise<unknown> {
  const envelope = await host().rpc(op, request);
  if ("err" in envelope) throw new CallError(envelope.err);
  return envelope.ok;
}

/** Returns what the backend said, or says that the front end itself failed. */
export function appError(cause: unknown): AppError {
  if (cause instanceof HostError) return cause.app;
  return {
    what: "The window could not finish this",
    why: cause instanceof Error ? cause.message : String(cause),
    remedies: [{ label: "Try again", action: { kind: "retry" } }],
    at: {},
    retriable: true,
    detail: cause instanceof Error ? cause.stack : undefined,
  };
}

export const queryClient = new QueryClient({
  defaultOptions: {
    // A failed call is shown with its remedies at once; silent repeats would hide what happened.
    queries: { retry: false, refetchOnWindowFocus: false, staleTime: 1000, gcTime: 60_000 },
    mutations: { retry: false },
  },
});

export interface Answer<T> {
  value: T | undefined;
  error: AppError | undefined;
  loading: boolean;
  /** Set when the value as a whole is what was seen last, and not how things are. */
  old: Old | undefined;
  retry: () => void;
}

export function useCall<N extends CallName>(
  name: N,
  request: CallRequest<N>,
  options: { enabled?: boolean; everyMs?: number; fresh?: string } = {},
): Answer<CallAnswer<N>> {
  const known = () => lastKnown(name, request) as CallAnswer<N> | undefined;
  // What was seen of one thing is never shown for another.
  const recall = (previous: unknown) => known() ?? (isSeen(previous) ? undefined : previous);
  const query = useQuery<CallAnswer<N>>({
    // `fresh` names one asking, for answers that must never come from the cache.
    queryKey: [name, request, options.fresh],
    queryFn: async ({ signal }) => keep(name, request, await call(name, request, signal)),
    enabled: options.enabled ?? true,
    refetchInterval: options.everyMs,
    placeholderData: options.everyMs ? (recall as typeof keepPreviousData) : undefined,
  });
  return answer(query, options.everyMs ? known() : undefined, useAwayCluster(request));
}

function answer<T>(
  query: UseQueryResult<T>,
  known: T | undefined,
  away: ClusterSummary | undefined,
): Answer<T> {
  const error = query.error ? appError(query.error) : undefined;
  const value = query.data ?? (error ? known : undefined);
  const recalled = query.isPlaceholderData && isSeen(value) ? { asOf: value.asOf, why: NOT_YET } : undefined;
  return {
    value,
    error,
    loading: query.isPending && query.fetchStatus !== "idle",
    old: olderFor(away, value, recalled ?? oldAnswer(value, error)),
    retry: () => void query.refetch(),
  };
}

/** A call made by a person's click; `error` stays until the next one. */
export function useAct<N extends CallName>(name: N, after?: (value: CallAnswer<N>) => void) {
  const mutation = useMutation({
    mutationFn: (request: CallRequest<N>) => call(name, request),
    onSuccess: (value) => after?.(value),
  });
  return {
    run: mutation.mutate,
    runAsync: mutation.mutateAsync,
    running: mutation.isPending,
    value: mutation.data,
    error: mutation.error ? appError(mutation.error) : undefined,
    reset: mutation.reset,
  };
}
