// The chosen zone and one shared second hand.
import { createContext, useContext, useSyncExternalStore } from "react";
import { age, dateTime, duration, shortTime, type TimeZoneMode } from "../lib/time";

const Zone = createContext<TimeZoneMode>("local");
export const ZoneProvider = Zone.Provider;

export function useZone(): TimeZoneMode {
  return useContext(Zone);
}

export function zoneWord(zone: TimeZoneMode): string {
  return zone === "utc" ? "UTC" : "local";
}

let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const watchers = new Set<() => void>();

function watch(onTick: () => void): () => void {
  watchers.add(onTick);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const watcher of watchers) watcher();
  }, 1000);
  return () => {
    watchers.delete(onTick);
    if (watchers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time, moving once a second while somebody looks. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => now);
}

/** "8 s ago", with the exact time on hover. */
export function Age({ at, className }: { at: number | undefined; className?: string }) {
  const moment = useNow();
  const zone = useZone();
  return (
    <span className={className} title={at === undefined ? undefined : dateTime(at, zone)}>
      {age(at, Math.max(moment, at ?? 0))}
    </span>
  );
}

/** "3 min": how long something has been so, with when it began on hover. */
export function Since({ at }: { at: number }) {
  const moment = useNow();
  const zone = useZone();
  return <span title={`since ${dateTime(at, zone)}`}>{duration(Math.max(0, moment - at))}</span>;
}

/** The time of day today, the date otherwise; the other half on hover. */
export function Moment({ at, className }: { at: number; className?: string }) {
  const moment = useNow();
  const zone = useZone();
  return (
    <time
      className={className}
      dateTime={new Date(at).toISOString()}
      title={`${dateTime(at, zone)}, ${age(at, moment)}`}
    >
      {shortTime(at, moment, zone)}
    </time>
  );
}
