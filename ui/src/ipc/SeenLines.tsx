import { MissingLine, OldLine } from "../components/states";
import type { Old } from "../lib/old";
import type { AppError } from "./bindings";
import { AWAY, type KeptSeen } from "./mergeSeen";
import { ErrorView } from "./remedies";

export interface SeenLinesProps {
  of: {
    value: KeptSeen<unknown> | undefined;
    error: AppError | undefined;
    old: Old | undefined;
    retry: () => void;
  };
}

/** What stands above a view of a cluster: what its answer lacks and since when, and what failed. Where the view
 * shows what was seen last, it says as of when. */
export function SeenLines({ of: { value, error, old, retry } }: SeenLinesProps) {
  const told = old && (error || !value?.missing.length);
  return (
    <>
      {value && !told && <MissingLine missing={value.missing} since={value.lacksSince} whole={AWAY} />}
      {told && <OldLine old={error ? { asOf: old.asOf, why: WHAT_IS_SHOWN } : old} />}
      {error && <ErrorView error={error} onRetry={retry} />}
    </>
  );
}

const WHAT_IS_SHOWN = "This is what was seen last.";
