import type { AppError, Cell, ChartView, Preview } from "../../ipc/bindings";

export const ERRORS: AppError[] = [
  {
    code: "port_taken",
    what: "Port 9092 is taken",
    why: "java (pid 4312) listens on it, so the first broker could not start.",
    remedies: [
      { label: "Use 19092–19094", action: { kind: "call", op: "local.preview", request: {} } },
      { label: "Try again", action: { kind: "retry" } },
    ],
    at: { broker: "1" },
    retriable: true,
  },
  {
    code: "read_only",
    what: "shop-prod is read-only",
    why: "The connection was saved as read-only, so Headwater sends no change to it.",
    remedies: [{ label: "Open settings", action: { kind: "route", href: "/settings" } }],
    at: {},
    retriable: false,
  },
  {
    what: "Partition 3 of orders could not be read",
    why: "Its leader, broker 2, has been gone for 12 s.",
    remedies: [{ label: "Start broker 2, or wait for a new leader" }],
    kafka: { code: 6, name: "NOT_LEADER_OR_FOLLOWER" },
    at: { topic: "orders", partition: 3, broker: "2" },
    retriable: true,
    detail: "fetch from localhost:9093: connection reset by peer (os error 104)",
  },
];

export const CELLS: [string, Cell<number>][] = [
  ["value", { state: "value", value: 18_204_621 }],
  ["zero", { state: "value", value: 0 }],
  ["pending", { state: "pending" }],
  ["unavailable", { state: "unavailable", reason: "not permitted" }],
  ["failed", { state: "failed", error: ERRORS[2] as AppError }],
];

export const PREVIEWS: [string, Preview][] = [
  ["text", { kind: "text", text: '{"total":12.40}', truncated: false }],
  ["cut", { kind: "text", text: "a long value", truncated: true }],
  ["null", { kind: "null" }],
  ["empty", { kind: "empty" }],
  ["bytes", { kind: "binary", hex: "00000000070e6b65", bytes: 411, truncated: true }],
  ["control", { kind: "text", text: "nul\u0000 bell\u0007 tab\t line\n", truncated: false }],
  ["direction", { kind: "text", text: "orders-\u202egnp.exe\u202c", truncated: false }],
  ["zero width", { kind: "text", text: "ad\u200bmin\ufeff", truncated: false }],
  ["markup", { kind: "text", text: "<img src=x onerror=alert(1)>", truncated: false }],
];

const START = Date.UTC(2026, 10, 18, 13, 50);
const END = Date.UTC(2026, 10, 18, 14, 5);
const TOP = 30;
const POINTS = 60;
const SERIES = ["one", "two", "three", "four", "five", "six"];

export function chartFixture(count: number, gap: boolean): ChartView {
  const series = SERIES.slice(0, count).map((name, at) => ({
    name,
    points: Array.from({ length: POINTS }, (_, i): [number, number | null] => [
      START + ((END - START) * i) / (POINTS - 1),
      gap && i > 20 && i < 30 ? null : 4 + at * 4 + Math.sin(i / 4 + at) * 2,
    ]),
    latest: 4 + at * 4,
  }));
  const x = (at: number) => (1000 * (at - START)) / (END - START);
  const y = (value: number) => 1000 - (1000 * value) / TOP;
  const lines = series.map((one, at) => {
    const path = one.points
      .map(([when, value], i) =>
        value === null
          ? ""
          : `${i === 0 || one.points[i - 1]?.[1] === null ? "M" : "L"}${x(when)} ${y(value)}`,
      )
      .join(" ");
    return `<path fill="none" stroke="#00000${at + 1}" d="${path}"/>`;
  });
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 1000">${lines.join("")}</svg>`,
    x: { min: START, max: END, ticks: [START, START + 300_000, START + 600_000, END] },
    y: { min: 0, max: TOP, ticks: [0, 10, 20, 30], unit: "records/s" },
    series,
    collectingSince: START,
    gaps: gap ? [{ from: START + 320_000, to: START + 445_000 }] : [],
  };
}
