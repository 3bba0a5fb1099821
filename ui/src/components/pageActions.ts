// What the page on screen can do, for the palette, the shortcuts and the help sheet.
import { useEffect, useRef, useSyncExternalStore } from "react";
import type { Shortcut } from "../lib/keys";
import type { IconType } from "./icons";

export interface Action {
  id: string;
  label: string;
  icon?: IconType;
  shortcut?: Shortcut;
  disabledReason?: string;
  /** It stops or breaks something: never the first thing offered. */
  harm?: boolean;
  run: () => void;
}

let registered: readonly { owner: number; actions: readonly Action[] }[] = [];
let nextOwner = 1;
const watchers = new Set<() => void>();

function set(next: typeof registered) {
  registered = next;
  for (const watcher of watchers) watcher();
}

/** Offers actions while the caller is on screen. */
export function usePageActions(actions: readonly Action[]) {
  const latest = useRef(actions);
  latest.current = actions;
  const signature = actions.map((a) => `${a.id}${a.label}${a.disabledReason ?? ""}`).join("|");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature stands for the actions.
  useEffect(() => {
    const owner = nextOwner++;
    // Each run looks up the latest closure, so registering again is needed only when words change.
    const stable = latest.current.map((action, index) => ({
      ...action,
      run: () => latest.current[index]?.run(),
    }));
    set([...registered, { owner, actions: stable }]);
    return () => set(registered.filter((entry) => entry.owner !== owner));
  }, [signature]);
}

export function useRegisteredActions(): readonly Action[] {
  return useSyncExternalStore(
    (onChange) => {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
    () => flattened(),
  );
}

let cachedFor: typeof registered | undefined;
let cached: readonly Action[] = [];

function flattened(): readonly Action[] {
  if (cachedFor !== registered) {
    cachedFor = registered;
    cached = registered.flatMap((entry) => entry.actions);
  }
  return cached;
}
