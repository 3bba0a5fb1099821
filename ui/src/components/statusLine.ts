// One line that the page on screen may write into the status bar.
import { useEffect, useSyncExternalStore } from "react";
import { store } from "../lib/store";

export interface StatusLine {
  words: string;
  tone?: "warn" | "bad";
  running?: boolean;
  stop?: { name: string; run: () => void };
}

const line = store<StatusLine | undefined>(undefined);

export function useStatusLine(next: StatusLine | undefined) {
  const key = JSON.stringify(next);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text of the line decides.
  useEffect(() => {
    line.set(next);
    return () => line.set(undefined);
  }, [key]);
}

export function useShownStatusLine(): StatusLine | undefined {
  return useSyncExternalStore(line.watch, line.get);
}
