// What the page on screen can do, for the palette, the shortcuts and the help sheet.
import { useEffect, useRef, useSyncExternalStore } from "react";
import type { Shortcut } from "../lib/keys";
import { store } from "../lib/store";
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

interface Registered {
  owner: number;
  actions: readonly Action[];
}

const registered = store<readonly Registered[]>([]);
let nextOwner = 1;

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
    registered.set([...registered.get(), { owner, actions: stable }]);
    return () => registered.set(registered.get().filter((entry) => entry.owner !== owner));
  }, [signature]);
}

export function useRegisteredActions(): readonly Action[] {
  return useSyncExternalStore(registered.watch, flattened);
}

let cachedFor: readonly Registered[] | undefined;
let cached: readonly Action[] = [];

function flattened(): readonly Action[] {
  const all = registered.get();
  if (cachedFor !== all) {
    cachedFor = all;
    cached = all.flatMap((entry) => entry.actions);
  }
  return cached;
}
