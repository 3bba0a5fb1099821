// Scans live in the host; the window keeps a few open, so that going back shows the same rows at once.
import { useCallback, useEffect, useMemo, useState } from "react";
import type { RowAnchor, RowSource, RowWindow } from "../../../components/grid/rowSource";
import type { AppError, ClusterId, RecordRow, RowId, ScanId, ScanState } from "../../../ipc/bindings";
import { appError, call } from "../../../ipc/call";
import { useFeed } from "../../../ipc/feed";
import type { ScanParams } from "./scanParams";

const OPEN_MAX = 6;

interface OpenScan {
  key: string;
  started: Promise<ScanId>;
}

let open: OpenScan[] = [];

function obtain(key: string, request: Parameters<typeof call<"scan.start">>[1]): Promise<ScanId> {
  const known = open.find((scan) => scan.key === key);
  const scan = known ?? { key, started: call("scan.start", request).then((answer) => answer.scanId) };
  // Most recently used last; the oldest is closed in the host too.
  open = [...open.filter((other) => other !== scan), scan];
  for (const old of open.slice(0, -OPEN_MAX)) close(old);
  open = open.slice(-OPEN_MAX);
  if (!known) scan.started.catch(() => drop(key));
  return scan.started;
}

function drop(key: string) {
  open = open.filter((scan) => scan.key !== key);
}

function close(scan: OpenScan) {
  scan.started.then((scanId) => call("scan.close", { scanId })).catch(() => undefined);
}

// A page that goes away leaves no scans behind in the host.
if (typeof addEventListener === "function") {
  addEventListener("pagehide", () => {
    for (const scan of open) close(scan);
    open = [];
  });
}

export interface ScanView {
  scanId: ScanId | undefined;
  state: ScanState | undefined;
  error: AppError | undefined;
  source: RowSource<RecordRow>;
  again: () => void;
}

export function useScan(
  clusterId: ClusterId,
  topic: string,
  params: ScanParams,
  newestFirst: boolean,
): ScanView {
  const key = JSON.stringify({ clusterId, topic, ...params });
  const [nonce, setNonce] = useState(0);
  const [scanId, setScanId] = useState<ScanId>();
  const [failed, setFailed] = useState<AppError>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the nonce asks for the same scan anew.
  useEffect(() => {
    let current = true;
    setScanId(undefined);
    setFailed(undefined);
    obtain(key, JSON.parse(key)).then(
      (id) => current && setScanId(id),
      (cause: unknown) => current && setFailed(appError(cause)),
    );
    return () => {
      current = false;
    };
  }, [key, nonce]);

  const feed = useFeed("scan", scanId ? { scanId } : undefined);
  const again = useCallback(() => {
    const old = open.find((scan) => scan.key === key);
    if (old) close(old);
    drop(key);
    setNonce((count) => count + 1);
  }, [key]);

  const count = feed.value?.count ?? 0;
  const revision = feed.value?.revision ?? -1;
  // The key function's identity stands for the scan: the grid starts at the top when it changes.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new scan makes a new function on purpose.
  const rowKey = useMemo(
    () =>
      (row: RecordRow): string =>
        row.rowId,
    [scanId],
  );
  const source = useMemo<RowSource<RecordRow>>(
    () => ({
      count,
      revision,
      key: rowKey,
      window: (anchor, before, after) => readWindow(scanId, count, newestFirst, anchor, before, after),
    }),
    [scanId, count, revision, newestFirst, rowKey],
  );
  return {
    scanId,
    state: feed.value,
    error: failed ?? feed.error ?? feed.value?.error ?? undefined,
    source,
    again,
  };
}

/** The host keeps the oldest row at index 0; a view with the newest on top reads it upside down. */
async function readWindow(
  scanId: ScanId | undefined,
  count: number,
  newestFirst: boolean,
  anchor: RowAnchor,
  before: number,
  after: number,
): Promise<RowWindow<RecordRow>> {
  if (!scanId) return { rows: [], first: 0, count: 0, revision: -1 };
  const [low, high] = newestFirst ? [after, before] : [before, after];
  const answer = await call("scan.window", {
    scanId,
    anchor:
      anchor.kind === "row"
        ? { kind: "row", rowId: anchor.id as RowId }
        : anchor.kind === "top" && newestFirst
          ? { kind: "end" }
          : {
              kind: "index",
              index:
                anchor.kind === "top"
                  ? 0
                  : newestFirst
                    ? Math.max(0, count - 1 - anchor.index)
                    : anchor.index,
            },
    before: low,
    // The host counts the anchor's own row among those after it.
    after: high + 1,
  });
  if (!newestFirst)
    return { rows: answer.rows, first: answer.firstIndex, count: answer.count, revision: answer.revision };
  return {
    rows: [...answer.rows].reverse(),
    first: answer.count - answer.firstIndex - answer.rows.length,
    count: answer.count,
    revision: answer.revision,
  };
}
