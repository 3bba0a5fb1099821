// The record that the address names, found in the rows of the scan, or read by itself where they lack it.
import { useEffect, useState } from "react";
import type { AppError, ClusterId, Offset, RecordRow, ScanId, ScanState } from "../../../ipc/bindings";
import { appError, call } from "../../../ipc/call";
import { useFeed } from "../../../ipc/feed";

export interface RecordPlace {
  partition: number;
  offset: Offset;
}

export function placeText(place: RecordPlace): string {
  return `${place.partition}-${place.offset}`;
}

export function readPlace(text: string | undefined): RecordPlace | undefined {
  const match = /^(\d{1,9})-(\d{1,19})$/.exec(text ?? "");
  return match ? { partition: Number(match[1]), offset: match[2] as Offset } : undefined;
}

/** The place so many offsets further on; nothing before the first. */
export function besides(place: RecordPlace, by: number): RecordPlace | undefined {
  const offset = BigInt(place.offset) + BigInt(by);
  return offset < 0n ? undefined : { partition: place.partition, offset: offset.toString() as Offset };
}

export interface PickedRecord {
  /** The scan that holds the row: the list's own, or one of this record alone. */
  scanId: ScanId;
  row: RecordRow;
}

export interface Picked {
  record: PickedRecord | undefined;
  /** The partition has no record at that offset; the next one, if there is one. */
  missing: { next: RecordPlace | undefined } | undefined;
  error: AppError | undefined;
  pick: (record: PickedRecord | undefined) => void;
}

export function usePickedRecord(
  clusterId: ClusterId,
  topic: string,
  scanId: ScanId | undefined,
  state: ScanState | undefined,
  wanted: string | undefined,
): Picked {
  const [picked, pick] = useState<PickedRecord>();
  const [absent, setAbsent] = useState<string>();
  const picksWanted = picked !== undefined && placeText(picked.row) === wanted;
  // A row id means something in its own scan only. One picked in the list counts before the address says so.
  const inList = picked !== undefined && picked.scanId === scanId;
  const known = inList || picksWanted ? picked : undefined;
  const settled = inList && picksWanted;
  const count = state?.count ?? 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: looked up again while rows arrive, until found.
  useEffect(() => {
    const place = readPlace(wanted);
    if (wanted === undefined) pick(undefined);
    if (!place || settled || !scanId || !state) return;
    let current = true;
    const anchor = { kind: "record", ...place } as const;
    call("scan.window", { scanId, anchor, before: 0, after: 1 }).then(
      (answer) => {
        const row = answer.rows[0];
        if (!current) return;
        if (row) pick({ scanId, row });
        else if (state.state !== "running") setAbsent(`${scanId} ${wanted}`);
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [wanted, settled, scanId, state?.state, count]);

  const alone = useAlone(
    clusterId,
    topic,
    !picksWanted && absent === `${scanId} ${wanted}` ? wanted : undefined,
    pick,
  );
  const missing = alone.missing;
  return { record: missing ? undefined : known, missing, error: alone.error, pick };
}

/** Reads one record from its partition: a scan of one row that begins at its offset. */
function useAlone(
  clusterId: ClusterId,
  topic: string,
  wanted: string | undefined,
  pick: (record: PickedRecord) => void,
) {
  const [scan, setScan] = useState<{ scanId: ScanId; wanted: string }>();
  const [error, setError] = useState<AppError>();
  const [missing, setMissing] = useState<{ wanted: string; next: RecordPlace | undefined }>();
  useEffect(() => {
    const place = readPlace(wanted);
    setError(undefined);
    if (!place || wanted === undefined) return;
    let current = true;
    const from = { kind: "offset", offset: place.offset } as const;
    call("scan.start", { clusterId, topic, partitions: [place.partition], from, limit: 1, live: false }).then(
      ({ scanId }) => current && setScan({ scanId, wanted }),
      (cause: unknown) => current && setError(appError(cause)),
    );
    return () => {
      current = false;
    };
  }, [clusterId, topic, wanted]);

  const mine = scan?.wanted === wanted ? scan : undefined;
  const state = useFeed("scan", mine && { scanId: mine.scanId }).value;
  const phase = state?.state;
  useEffect(() => {
    if (!mine || !phase || phase === "running") return;
    let current = true;
    call("scan.window", {
      scanId: mine.scanId,
      anchor: { kind: "index", index: 0 },
      before: 0,
      after: 1,
    }).then(
      ({ rows: [row] }) => {
        if (!current) return;
        if (row && placeText(row) === mine.wanted) pick({ scanId: mine.scanId, row });
        else setMissing({ wanted: mine.wanted, next: laterOf(row, mine.wanted) });
      },
      (cause: unknown) => current && setError(appError(cause)),
    );
    return () => {
      current = false;
    };
  }, [mine, phase, pick]);
  return {
    missing: wanted !== undefined && missing?.wanted === wanted ? missing : undefined,
    error: error ?? state?.error ?? undefined,
  };
}

/** An offset past the end is read from the end, so what was found may lie before it. */
function laterOf(row: RecordRow | undefined, wanted: string): RecordPlace | undefined {
  const place = readPlace(wanted);
  if (!row || !place || BigInt(row.offset) <= BigInt(place.offset)) return undefined;
  return { partition: row.partition, offset: row.offset };
}
