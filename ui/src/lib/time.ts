import { UNKNOWN } from "./brand";

export type TimeZoneMode = "local" | "utc";

/** Returns 14:05:02.113, in the chosen zone. */
export function clockTime(at: number, zone: TimeZoneMode, millis = true): string {
  const p = parts(at, zone);
  const time = `${two(p.hour)}:${two(p.minute)}:${two(p.second)}`;
  return millis ? `${time}.${String(p.milli).padStart(3, "0")}` : time;
}

/** Returns 14:05, for axes and for "since". */
export function hourMinute(at: number, zone: TimeZoneMode): string {
  const p = parts(at, zone);
  return `${two(p.hour)}:${two(p.minute)}`;
}

/** Returns 2026-11-18 14:05:02.113, which sorts and pastes back. */
export function dateTime(at: number, zone: TimeZoneMode, millis = true): string {
  const p = parts(at, zone);
  return `${p.year}-${two(p.month)}-${two(p.day)} ${clockTime(at, zone, millis)}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Returns 14:05:02.113 on the day of `now`, 17 Nov 14:05:02 in its year, and 2025-11-17 14:05 in any other. */
export function shortTime(at: number, now: number, zone: TimeZoneMode): string {
  const [then, today] = [parts(at, zone), parts(now, zone)];
  if (then.year !== today.year) return dateTime(at, zone, false).slice(0, -3);
  if (then.month === today.month && then.day === today.day) return clockTime(at, zone);
  return `${then.day} ${MONTHS[then.month - 1]} ${clockTime(at, zone, false)}`;
}

/** Returns "now", "8 s ago", "2 min ago", or — when the time is unknown. */
export function age(at: number | undefined, now: number): string {
  if (at === undefined) return UNKNOWN;
  const passed = now - at;
  if (passed < -2000) return `in ${duration(-passed)}`;
  return passed < 1500 ? "now" : `${duration(passed)} ago`;
}

const UNITS: [number, string][] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1000, "s"],
];

/** Returns the two largest units that matter: 84 ms, 12 s, 18 min, 3 h 20 min, 7 d. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  for (const [index, [size, unit]] of UNITS.entries()) {
    if (ms < size) continue;
    const whole = Math.floor(ms / size);
    const next = UNITS[index + 1];
    const rest = next && whole < 10 && unit !== "min" ? Math.floor((ms % size) / next[0]) : 0;
    return rest > 0 && next ? `${whole} ${unit} ${rest} ${next[1]}` : `${whole} ${unit}`;
  }
  return `${ms} ms`;
}

/** Reads what people paste: ISO dates, "2026-11-18 14:05", epoch seconds or milliseconds. */
export function parseTime(text: string, zone: TimeZoneMode): number | undefined {
  const trimmed = text.trim();
  if (/^\d{13}$/.test(trimmed)) return Number(trimmed);
  if (/^\d{10}$/.test(trimmed)) return Number(trimmed) * 1000;
  if (!/^\d{4}-\d{2}-\d{2}/.test(trimmed)) return undefined;
  const iso = trimmed.replace(" ", "T");
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/.test(iso) || zone === "local" ? iso : `${withTime(iso)}Z`;
  const at = Date.parse(zoned.length === 10 ? `${zoned}T00:00` : zoned);
  return Number.isNaN(at) ? undefined : at;
}

function withTime(iso: string): string {
  return iso.includes("T") ? iso : `${iso}T00:00`;
}

function parts(at: number, zone: TimeZoneMode) {
  const d = new Date(at);
  return zone === "utc"
    ? {
        year: d.getUTCFullYear(),
        month: d.getUTCMonth() + 1,
        day: d.getUTCDate(),
        hour: d.getUTCHours(),
        minute: d.getUTCMinutes(),
        second: d.getUTCSeconds(),
        milli: d.getUTCMilliseconds(),
      }
    : {
        year: d.getFullYear(),
        month: d.getMonth() + 1,
        day: d.getDate(),
        hour: d.getHours(),
        minute: d.getMinutes(),
        second: d.getSeconds(),
        milli: d.getMilliseconds(),
      };
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
