// Browsers cap an element near 33.5 million pixels, about 1.3 million rows. Above a safe height the
// scroll bar is scaled: the track is shorter than the rows, and positions are mapped both ways.

export const TRACK_PX_MAX = 16_000_000;

export interface ScrollMap {
  /** Height of the element that makes the scroll bar. */
  trackPx: number;
  /** Rows pixels a scroll bar pixel stands for; 1 until the track is capped. */
  ratio: number;
  rowsPx: number;
}

export function scrollMap(count: number, rowPx: number, viewportPx: number): ScrollMap {
  const rowsPx = count * rowPx;
  const trackPx = Math.min(rowsPx, TRACK_PX_MAX);
  const travel = trackPx - viewportPx;
  return { trackPx, rowsPx, ratio: trackPx < rowsPx && travel > 0 ? (rowsPx - viewportPx) / travel : 1 };
}

export function toRowsPx(map: ScrollMap, scrollTop: number): number {
  return scrollTop * map.ratio;
}

export function toScrollTop(map: ScrollMap, rowsTop: number): number {
  return rowsTop / map.ratio;
}

/** Returns the first and one past the last row touched by the viewport, with `over` rows around. */
export function visibleRange(
  rowsTop: number,
  viewportPx: number,
  rowPx: number,
  count: number,
  over: number,
): [number, number] {
  const first = Math.max(0, Math.floor(rowsTop / rowPx) - over);
  const end = Math.min(count, Math.ceil((rowsTop + viewportPx) / rowPx) + over);
  return [Math.min(first, count), Math.max(first, end)];
}
