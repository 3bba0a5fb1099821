import { UNKNOWN } from "./brand";

const exact = new Intl.NumberFormat("en-GB");

/** Returns the number with thousands separators, or — for an absent one. */
export function exactNumber(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? UNKNOWN : exact.format(value);
}

const oneDecimal = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Returns the number with thousands separators and one decimal, so that a column of rates stands in line. */
export function tenths(value: number): string {
  return oneDecimal.format(value);
}

/** Groups the digits of a decimal string that may be larger than a double holds. */
export function exactDigits(value: string): string {
  const negative = value.startsWith("-");
  const digits = negative ? value.slice(1) : value;
  if (!/^\d+$/.test(digits)) return value;
  return (negative ? "-" : "") + digits.replace(/\B(?=(\d{3})+$)/g, ",");
}

const SCALES: [number, string][] = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e4, "k"],
];

const AXIS_SCALES: [number, string][] = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
];

/** Returns at most four significant characters: 9,999 stays, 18,200,000 becomes 18.2 M. */
export function shortNumber(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return UNKNOWN;
  const size = Math.abs(value);
  for (const [scale, letter] of SCALES) {
    if (size >= scale) return `${trimmed(value / (letter === "k" ? 1e3 : scale))} ${letter}`;
  }
  return Number.isInteger(value) ? exact.format(value) : trimmed(value);
}

/** Returns the shortest exact form for an axis: 0.25, 750, 7.5 k. */
export function axisNumber(value: number): string {
  for (const [scale, letter] of AXIS_SCALES) {
    if (Math.abs(value) >= scale) return `${Number((value / scale).toFixed(2))} ${letter}`;
  }
  return String(Number(value.toFixed(3)));
}

/** Returns a rate per second with one decimal below a thousand. */
export function rate(value: number | undefined): string {
  if (value === undefined) return UNKNOWN;
  return Math.abs(value) < 1000 ? value.toFixed(1) : shortNumber(Math.round(value));
}

const BYTE_SCALES: [number, string][] = [
  [1e12, "TB"],
  [1e9, "GB"],
  [1e6, "MB"],
  [1e3, "kB"],
];

/** Returns bytes in decimal units, as disks are sold and Kafka's tools count. */
export function bytes(value: number | undefined): string {
  if (value === undefined) return UNKNOWN;
  for (const [scale, unit] of BYTE_SCALES) {
    if (value >= scale) return `${trimmed(value / scale)} ${unit}`;
  }
  return `${value} B`;
}

function trimmed(value: number): string {
  if (value !== 0 && Math.abs(value) < 1) return String(Number(value.toFixed(2)));
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1);
}

/** Says "1 record" or "12 records". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${exactNumber(count)} ${count === 1 ? singular : plural}`;
}
