import { flushSync } from "react-dom";

/** Arrows always move in the page's list, without tabbing to it first. Returns whether there is one. */
export function moveInList(event: KeyboardEvent): boolean {
  const idle = event.target === document.body || event.target instanceof HTMLAnchorElement;
  if (!idle || event.altKey || !/^(Arrow(Up|Down)|Home|End)$/.test(event.key)) return false;
  const list = document.querySelector<HTMLElement>('main [role="grid"], main [role="treegrid"]');
  if (!list) return false;
  event.preventDefault();
  // The list hears the key before it has the focus, with which it would begin at its first row.
  const { key, shiftKey } = event;
  flushSync(() => list.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true })));
  list.focus({ preventScroll: true });
  return true;
}
