// Which rows are on screen, and how they stay there. While a person reads (scrolled away, or a row is
// selected) the view is anchored by row id: rows that arrive above move the scroll bar, not the rows.
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { scrollMap, toRowsPx, toScrollTop, visibleRange } from "../../lib/scrollMap";
import { type Arrivals, arrivals, NO_ARRIVALS, STREAM } from "./arrivals";
import type { RowAnchor, RowSource, RowWindow } from "./rowSource";
import { STREAM_OVER_MS, useAskAgain } from "./useAskAgain";

const OVERSCAN = 12;
const ASK_ROUND = 40;

export interface GridView<R> {
  /** The rows at hand. */
  window: RowWindow<R>;
  /** Those of them that are on screen or close to it. */
  drawn: RowWindow<R>;
  /** Distance of the drawn rows from the top of the track. */
  blockTop: number;
  trackPx: number;
  /** Rows that arrived above while the view was held. */
  above: number;
  fresh: ReadonlySet<string>;
  /** More rows come than can be read: samples of them are shown. */
  streaming: boolean;
  scrollToIndex: (index: number) => void;
  toTop: () => void;
  /** How far the rows are scrolled, for finding the place again. */
  top: number;
  pageRows: number;
}

interface Held {
  id: string;
  index: number;
}

export function useGridWindow<R>(
  source: RowSource<R>,
  body: RefObject<HTMLDivElement | null>,
  rowPx: number,
  held: boolean,
  startTop: number,
): GridView<R> {
  const [top, setTop] = useState(startTop);
  const height = useBodyHeight(body);
  const [loaded, setLoaded] = useState<RowWindow<R>>({
    rows: [],
    first: 0,
    count: source.count,
    revision: -1,
  });
  const [above, setAbove] = useState(0);
  const [news, setNews] = useState(NO_ARRIVALS);
  const asking = useRef(false);
  const again = useRef(false);
  const askedAt = useRef(0);
  const streamedAt = useRef(Number.NEGATIVE_INFINITY);

  // Lists in memory are read while rendering; the others are asked for.
  const window: RowWindow<R> = useMemo(() => {
    if (!source.all) return loaded;
    const [first, end] = visibleRange(top, height, rowPx, source.all.length, OVERSCAN);
    return { rows: source.all.slice(first, end), first, count: source.all.length, revision: source.revision };
  }, [source, loaded, top, height, rowPx]);

  const drawn = useDrawn(source, window, news.streaming, top, height, rowPx);
  const map = useMemo(() => scrollMap(window.count, rowPx, height), [window.count, rowPx, height]);
  const latest = useRef({ top, height, map, source, loaded, held });
  latest.current = { top, height, map, source, loaded, held };

  const moveTo = useCallback((rowsTop: number) => {
    const { map, height } = latest.current;
    const next = Math.max(0, Math.min(rowsTop, map.rowsPx - height));
    latest.current.top = next;
    setTop(next);
  }, []);

  const ask = useCallback(async () => {
    if (asking.current) {
      again.current = true;
      return;
    }
    asking.current = true;
    do {
      again.current = false;
      await refresh();
    } while (again.current);
    asking.current = false;

    async function refresh() {
      const before = latest.current;
      if (before.source.all) return;
      askedAt.current = performance.now();
      const hold = holdOf(before);
      const rows = Math.ceil(before.height / rowPx) + ASK_ROUND;
      const first = Math.max(0, Math.floor(before.top / rowPx) - OVERSCAN);
      const byIndex: RowAnchor = before.top <= 0 ? { kind: "top" } : { kind: "index", index: first };
      let next = hold ? await read(before.source, { kind: "row", id: hold.id }, OVERSCAN, rows) : undefined;
      // Nothing is held, or the held row was dropped at the row limit: then the place is shown.
      if (!next?.rows.some((row) => before.source.key(row) === hold?.id)) {
        next = await read(before.source, byIndex, 0, rows);
      }
      if (!next) return;
      const { source, loaded } = latest.current;
      // Another scan was opened meanwhile: its rows are asked for instead.
      if (source.key !== before.source.key) {
        again.current = true;
        return;
      }
      const shown = next;
      // At once, so that no scroll event sees the new rows with the old position.
      flushSync(() => {
        if (hold) keepInPlace(hold, shown, source);
        else setNews(newsOf(loaded, shown, source));
        setLoaded(shown);
      });
    }

    function newsOf(before: RowWindow<R>, next: RowWindow<R>, source: RowSource<R>): Arrivals {
      const found = arrivals(before, next, source.key, Math.ceil(latest.current.height / rowPx));
      if (found.streaming) streamedAt.current = askedAt.current;
      // A stream that holds its breath is one still: all rows would be made anew, and again at its next breath.
      return askedAt.current - streamedAt.current < STREAM_OVER_MS ? STREAM : found;
    }

    function keepInPlace(hold: Held, next: RowWindow<R>, source: RowSource<R>) {
      const at = next.rows.findIndex((row) => source.key(row) === hold.id);
      if (at < 0) return;
      const moved = next.first + at - hold.index;
      setNews(NO_ARRIVALS);
      if (moved === 0) return;
      latest.current.map = scrollMap(next.count, rowPx, latest.current.height);
      setAbove((count) => Math.max(0, count + moved));
      moveTo(latest.current.top + moved * rowPx);
    }

    function holdOf({ held, top, loaded, source }: typeof latest.current): Held | undefined {
      if (!held && top <= 0) return undefined;
      const index = Math.ceil(top / rowPx);
      const row = loaded.rows[index - loaded.first];
      return row === undefined ? undefined : { id: source.key(row), index };
    }
  }, [rowPx, moveTo]);

  // The scroll bar follows the rows, after the track has its new height.
  useLayoutEffect(() => {
    const element = body.current;
    const most = Math.max(0, map.rowsPx - height);
    // A list that came back shorter than it was left shows its end.
    if (map.rowsPx > 0 && height > 0 && top > most) setTop(most);
    const wanted = toScrollTop(map, top);
    if (element && Math.abs(element.scrollTop - wanted) >= 1) element.scrollTop = wanted;
  }, [body, map, top, height]);

  useAskAgain(source, news.streaming, height, askedAt, ask);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another source starts at its top.
  useEffect(() => {
    setAbove(0);
    setNews(NO_ARRIVALS);
    streamedAt.current = Number.NEGATIVE_INFINITY;
  }, [source.key]);

  useEffect(() => {
    const element = body.current;
    if (!element) return;
    const onScroll = () => {
      const { map, top, loaded, source, height } = latest.current;
      // Our own writes come back rounded to a pixel; they are not a person's scrolling.
      if (Math.abs(element.scrollTop - toScrollTop(map, top)) < 1) return;
      const next = toRowsPx(map, element.scrollTop);
      latest.current.top = next;
      setTop(next);
      if (next <= 0) setAbove(0);
      const [first, end] = visibleRange(next, height, rowPx, map.rowsPx / rowPx, 2);
      if (!source.all && (first < loaded.first || end > loaded.first + loaded.rows.length)) void ask();
    };
    // On a scaled track one wheel notch would jump thousands of rows, so the wheel moves rows instead.
    const onWheel = (event: WheelEvent) => {
      if (latest.current.map.ratio === 1 || event.deltaY === 0) return;
      event.preventDefault();
      moveTo(latest.current.top + event.deltaY);
      if (!latest.current.source.all) void ask();
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      element.removeEventListener("scroll", onScroll);
      element.removeEventListener("wheel", onWheel);
    };
  }, [body, rowPx, ask, moveTo]);

  const scrollToIndex = useCallback(
    (index: number) => {
      const { top, height, loaded, source } = latest.current;
      const y = index * rowPx;
      if (y < top) moveTo(y);
      else if (y + rowPx > top + height) moveTo(y + rowPx - height);
      if (!source.all && (index < loaded.first || index >= loaded.first + loaded.rows.length)) void ask();
    },
    [rowPx, moveTo, ask],
  );

  const toTop = useCallback(() => {
    setAbove(0);
    moveTo(0);
    void ask();
  }, [moveTo, ask]);

  // The block is placed from the scroll position, so that a scaled track never needs a tall element.
  const blockTop = toScrollTop(map, top) - (top - drawn.first * rowPx);
  return {
    window,
    drawn,
    blockTop,
    trackPx: map.trackPx,
    above,
    fresh: news.fresh,
    streaming: news.streaming,
    scrollToIndex,
    toTop,
    top,
    pageRows: Math.max(1, Math.floor(height / rowPx) - 1),
  };
}

/** The rows on screen or close to it; in a stream, where they last for a moment, no more than those. */
function useDrawn<R>(
  source: RowSource<R>,
  window: RowWindow<R>,
  streaming: boolean,
  top: number,
  height: number,
  rowPx: number,
): RowWindow<R> {
  return useMemo(() => {
    if (source.all) return window;
    const [from, end] = visibleRange(top, height, rowPx, window.count, streaming ? 1 : OVERSCAN);
    const first = Math.max(from, window.first);
    const rows = window.rows.slice(first - window.first, Math.max(0, end - window.first));
    return { ...window, rows, first };
  }, [source, window, top, height, rowPx, streaming]);
}

/** The height that rows have: the head sticks inside what scrolls. */
function useBodyHeight(body: RefObject<HTMLDivElement | null>): number {
  const [height, setHeight] = useState(0);
  useLayoutEffect(() => {
    const element = body.current;
    if (!element) return;
    const head = element.firstElementChild;
    const headPx = head instanceof HTMLElement ? head.offsetHeight : 0;
    const measure = () => setHeight(Math.max(0, element.clientHeight - headPx));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [body]);
  return height;
}

/** Returns nothing when the scan itself has ended; its feed says why, and the rows shown stay. */
async function read<R>(
  source: RowSource<R>,
  anchor: RowAnchor,
  before: number,
  after: number,
): Promise<RowWindow<R> | undefined> {
  try {
    return await source.window(anchor, before, after);
  } catch {
    return undefined;
  }
}
