// The keys of a list of tabs: one of them is a stop of the Tab key, arrows, Home and End go on from there.
import type { KeyboardEvent } from "react";

/** Moves the focus among the tabs of the list that the key was pressed in; Enter or Space shows one. */
export function rove(event: KeyboardEvent<HTMLElement>) {
  const tabs = Array.from(event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]"));
  const at = tabs.indexOf(event.target as HTMLElement);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
  if (at < 0 || to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  tabs[(to + tabs.length) % tabs.length]?.focus();
}
