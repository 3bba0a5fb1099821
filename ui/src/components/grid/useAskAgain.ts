// When rows that lie elsewhere are asked for again.
import { type RefObject, useEffect } from "react";
import type { RowSource } from "./rowSource";

/** Nobody reads rows that stand for less than this; the rest of the frames is for what is being done. */
const STREAM_EVERY_MS = 250;
/** A stream without news for this long is over. */
export const STREAM_OVER_MS = 1000;

export function useAskAgain<R>(
  source: RowSource<R>,
  streaming: boolean,
  height: number,
  askedAt: RefObject<number>,
  ask: () => Promise<void>,
) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision or source asks again.
  useEffect(() => {
    if (source.all) return;
    const waitMs = streaming ? askedAt.current + STREAM_EVERY_MS - performance.now() : 0;
    if (waitMs <= 0) {
      void ask();
      return;
    }
    const timer = setTimeout(() => void ask(), waitMs);
    return () => clearTimeout(timer);
  }, [source, source.revision, height, ask]);

  // A stream that dries up changes nothing any more; one more look finds that out.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change begins the wait anew.
  useEffect(() => {
    if (!streaming) return;
    const timer = setTimeout(() => void ask(), STREAM_OVER_MS);
    return () => clearTimeout(timer);
  }, [streaming, source.revision, ask]);
}
