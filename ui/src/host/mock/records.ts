import type {
  Body,
  Offset,
  Preview,
  RecordFull,
  RecordRow,
  RowId,
  RowWindow,
  ScanId,
  ScanState,
  StartScan,
} from "../../ipc/bindings";
import { NOW, type Scenario } from "./scenario";

const STATUS = ["PAID", "SHIPPED", "PACKED", "FAILED", "NEW"];
const HOSTILE = [
  "<img src=x onerror=alert(1)><script>alert(2)</script>",
  "right\u202eto left\u202c and back",
  "zero\u200bwidth\u200djoiner\ufeff",
  "nul\u0000 bell\u0007 escape\u001b[31m tab\t newline\n",
  "مرحبا بالعالم",
  "x".repeat(3000),
  "😀".repeat(40),
];

export interface MockScan {
  request: StartScan;
  state: ScanState;
  first: number;
}

export function openScan(which: Scenario, scanId: ScanId, request: StartScan): MockScan {
  const count =
    which === "empty"
      ? 0
      : which === "huge"
        ? 3_000_000
        : request.contains
          ? 0
          : Math.min(request.limit, 500);
  const live = request.live && which !== "failing";
  return {
    request,
    first: 0,
    state: {
      scanId,
      state: live ? "live" : "complete",
      count,
      revision: 1,
      scanned: which === "empty" ? 0 : Math.max(count, 500),
      total: which === "empty" ? 0 : 500,
      bytes: count * 741,
      startedAt: NOW - 420,
      endedAt: live ? undefined : NOW,
      verdict:
        which === "empty"
          ? "Start and end are both 0 in all 6 partitions."
          : live
            ? "complete to the ends taken at 14:05:02, following"
            : "Complete to the ends taken at 14:05:02.",
      perPartition: [],
      ratePerSec: which === "empty" ? 0 : 4.2,
      newestFirst: true,
      droppedOldest: 0,
    },
  };
}

export function rowAt(which: Scenario, index: number): RecordRow {
  const partition = (index * 7) % 6;
  const text = valueText(which, index);
  const value: Preview =
    index % 17 === 3
      ? { kind: "null" }
      : index % 23 === 5
        ? { kind: "empty" }
        : index % 29 === 7
          ? { kind: "binary", hex: "00000000070e6b65792d31", bytes: 411, truncated: true }
          : { kind: "text", text: text.slice(0, 400), truncated: text.length > 400 };
  return {
    rowId: String(index) as RowId,
    partition,
    offset: String(4_809_706 + index) as Offset,
    timestamp: NOW - (499 - index) * 2371,
    timestampType: "create",
    key:
      index % 31 === 9
        ? { kind: "null" }
        : { kind: "text", text: `eu-${8800 + (index % 97)}`, truncated: false },
    value,
    headers: index % 4,
    bytes: 700 + ((index * 37) % 120),
  };
}

function valueText(which: Scenario, index: number): string {
  if (which === "hostile") return HOSTILE[index % HOSTILE.length] ?? "";
  return `{"customer":"cust-${20_417 + index * 31}","orderId":${9007199254740993n + BigInt(index)},"status":"${STATUS[index % 5]}","total":${((index * 1249) % 9000) / 100}}`;
}

export function windowOf(
  which: Scenario,
  scan: MockScan,
  anchor: { kind: string; rowId?: string; index?: number; partition?: number; offset?: string },
  before: number,
  after: number,
): RowWindow {
  const { count, revision } = scan.state;
  const at =
    anchor.kind === "record"
      ? placeAt(which, count, `${anchor.partition}-${anchor.offset}`)
      : anchor.kind === "end"
        ? count
        : anchor.kind === "row"
          ? Number(anchor.rowId)
          : (anchor.index ?? 0);
  if (at < 0) return { rows: [], firstIndex: 0, count, revision };
  const first = Math.max(0, at - before);
  const end = Math.min(count, at + after);
  return {
    rows: Array.from({ length: Math.max(0, end - first) }, (_, i) => rowAt(which, first + i)),
    firstIndex: first,
    count,
    revision,
  };
}

/** The newest rows are enough for fixtures. */
function placeAt(which: Scenario, count: number, place: string): number {
  for (let at = count - 1; at >= Math.max(0, count - 1000); at--) {
    const row = rowAt(which, at);
    if (`${row.partition}-${row.offset}` === place) return at;
  }
  return -1;
}

export function recordOf(which: Scenario, rowId: string): RecordFull {
  const row = rowAt(which, Number(rowId));
  const text = valueText(which, Number(rowId));
  const pretty = `{\n  "customer": "cust-20417",\n  "orderId": 9007199254740993,\n  "status": "FAILED",\n  "total": 1249.10,\n  "currency": "EUR",\n  "fxRate": 1.0838500000000001,\n  "items": [\n    { "sku": "A-1", "n": 2 },\n    { "sku": "B-7", "n": 1 }\n  ],\n  "coupon": null,\n  "gift": false,\n  "failedAt": 1795009740226\n}`;
  const body = (preview: Preview, full: string, json: boolean): Body =>
    preview.kind === "null" || preview.kind === "empty"
      ? { kind: preview.kind }
      : preview.kind === "binary"
        ? { kind: "binary", bytes: 411, truncated: false, hex: preview.hex.repeat(20) }
        : {
            kind: json ? "json" : "text",
            text: json ? pretty : full,
            bytes: full.length,
            truncated: false,
            hex: hex(full.slice(0, 400)),
          };
  return {
    row,
    key: body(row.key, row.key.kind === "text" ? row.key.text : "", false),
    value: body(row.value, text, which !== "hostile"),
    headers: [
      {
        name: "content-type",
        value: body({ kind: "text", text: "", truncated: false }, "application/json", false),
      },
      {
        name: "traceparent",
        value: body(
          { kind: "text", text: "", truncated: false },
          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
          false,
        ),
      },
      { name: "x-retry", value: { kind: "null" as const } },
    ],
    leaderEpoch: 4,
  };
}

function hex(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
