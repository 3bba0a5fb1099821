// What the window remembers between starts: JSON text under a key of the store, written a moment
// after the last change.
import { useCallback, useSyncExternalStore } from "react";
import { call } from "./call";

const WRITE_DELAY_MS = 400;

export class Persisted<T extends object> {
  private value: T;
  private watchers = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private key: string,
    initial: T,
  ) {
    this.value = initial;
  }

  async load(): Promise<void> {
    const { value } = await call("state.get", { key: this.key });
    if (value === null) return;
    try {
      const stored: unknown = JSON.parse(value);
      if (typeof stored === "object" && stored !== null) this.value = { ...this.value, ...stored };
    } catch {
      // Text of an older or broken version: the defaults stand, and the next change replaces it.
    }
  }

  get = (): T => this.value;

  set = (patch: Partial<T>): void => {
    this.value = { ...this.value, ...patch };
    for (const watcher of this.watchers) watcher();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.write(), WRITE_DELAY_MS);
  };

  /** Writes what still waits; called before the page goes. */
  flush(): void {
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.write();
  }

  watch = (onChange: () => void): (() => void) => {
    this.watchers.add(onChange);
    return () => this.watchers.delete(onChange);
  };

  private write() {
    this.timer = undefined;
    call("state.put", { key: this.key, value: JSON.stringify(this.value) }).catch((cause: unknown) =>
      console.error("state was not stored", cause),
    );
  }
}

export function usePersisted<T extends object>(store: Persisted<T>): [T, (patch: Partial<T>) => void] {
  return [useSyncExternalStore(store.watch, store.get), store.set];
}

/** Half-written forms, by a name that says which form. */
export const drafts = new Persisted<Record<string, unknown>>("drafts", {});

/** A draft that survives closing the form, the tab and the program. */
export function useDraft<T extends object>(
  name: string,
  empty: T,
): [T, (patch: Partial<T>) => void, () => void] {
  const [all] = usePersisted(drafts);
  const draft = { ...empty, ...(all[name] as Partial<T> | undefined) };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the empty form never changes for a name.
  const patch = useCallback(
    (change: Partial<T>) => drafts.set({ [name]: { ...empty, ...(drafts.get()[name] as T), ...change } }),
    [name],
  );
  const clear = useCallback(() => drafts.set({ [name]: undefined }), [name]);
  return [draft, patch, clear];
}
