// One line that the page on screen may write into the status bar.
import { useEffect, useSyncExternalStore } from "react";

export interface StatusLine {
  words: string;
  tone?: "warn" | "bad";
  running?: boolean;
  stop?: { name: string; run: () => void };
}

let line: StatusLine | undefined;
const watchers = new Set<() => void>();

function set(next: StatusLine | undefined) {
  line = next;
  for (const watcher of watchers) watcher();
}

export function useStatusLine(next: StatusLine | undefined) {
  const key = JSON.stringify(next);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text of the line decides.
  useEffect(() => {
    set(next);
    return () => set(undefined);
  }, [key]);
}

export function useShownStatusLine(): StatusLine | undefined {
  return useSyncExternalStore(
    (onChange) => {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
    () => line,
  );
}
