// Whether the program behind the page still answers.

let lostSince: number | undefined;
const watchers = new Set<() => void>();

/** Since when it has not answered, milliseconds since the epoch; undefined while it does. */
export const presence = {
  get: () => lostSince,
  set(since: number | undefined) {
    if (lostSince === since) return;
    lostSince = since;
    for (const watcher of watchers) watcher();
  },
  watch(onChange: () => void) {
    watchers.add(onChange);
    return () => {
      watchers.delete(onChange);
    };
  },
};
