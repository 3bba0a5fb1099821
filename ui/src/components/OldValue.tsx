import type { ReactNode } from "react";
import { type Old, sentence } from "../lib/old";
import { safeWords } from "../lib/safeText";
import { clockTime } from "../lib/time";
import { useZone } from "./clock";

export interface OldValueProps {
  old: Old;
  /** The value in full. */
  exact?: string;
  children: ReactNode;
}

/** A value that was seen last: dim, and as of when on hover. */
export function OldValue({ old, exact, children }: OldValueProps) {
  const zone = useZone();
  const asOf = `${exact ? `${exact}, ` : ""}as of ${clockTime(old.asOf, zone, false)}`;
  return (
    <span className="old" role="note" title={safeWords(`${asOf}. ${sentence(old.why)}`)}>
      {children}
    </span>
  );
}
