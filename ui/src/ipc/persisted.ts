// What the window remembers between starts: JSON text under a key of the store, written a moment
// after the last change.
import { useCallback, useSyncExternalStore } from "react";
import { say } from "../components/Toasts";
import { appError, call } from "./call";

const WRITE_DELAY_MS = 400;

const all: Persisted<never>[] = [];
/** A failure is said once, until something could be written again. */
let unsaid = true;

/** What of a stored value has the kind that it should have; what was stored of a field that nobody knows is kept. */
function ofItsKind<T extends object>(initial: T, stored: object): Partial<T> {
  const kind = (value: unknown) => (Array.isArray(value) ? "array" : value === null ? "null" : typeof value);
  const fits = ([name, value]: [string, unknown]) =>
    !(name in initial) || kind(value) === kind(initial[name as keyof T]);
  return Object.fromEntries(Object.entries(stored).filter(fits)) as Partial<T>;
}

export class Persisted<T extends object> {
  private value: T;
  private watchers = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private key: string,
    private initial: T,
    /** Leaves out what lies deeper and is not as it should be: the text may come from anywhere. */
    private clean: (stored: Partial<T>) => Partial<T> = (stored) => stored,
  ) {
    this.value = initial;
    all.push(this as unknown as Persisted<never>);
  }

  async load(): Promise<void> {
    const { value } = await call("state.get", { key: this.key });
    if (value === null) return;
    try {
      const stored: unknown = JSON.parse(value);
      if (typeof stored === "object" && stored !== null)
        this.value = { ...this.value, ...this.clean(ofItsKind(this.initial, stored)) };
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

  /** Goes back to the beginning, stored too. */
  async forget(): Promise<void> {
    clearTimeout(this.timer);
    this.value = this.initial;
    await call("state.put", { key: this.key, value: JSON.stringify(this.initial) });
  }

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
    call("state.put", { key: this.key, value: JSON.stringify(this.value) }).then(
      () => {
        unsaid = true;
      },
      (cause: unknown) => {
        if (unsaid)
          say({ words: `What you change here is not kept: ${appError(cause).why}`, bad: true, stays: true });
        unsaid = false;
      },
    );
  }
}

/** Forgets all that any window remembers: tabs, drafts, looks. */
export async function forgetRemembered(): Promise<void> {
  await Promise.all(all.map((store) => store.forget()));
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
