import { type RefObject, useEffect, useState } from "react";

/** Gives the focus back to what had it before the caller appeared. */
export function useFocusReturn() {
  // Read while rendering: by the time an effect runs, a field inside has taken the focus.
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const there = before instanceof HTMLElement && before !== document.body && before.isConnected;
      if (there) before.focus({ preventScroll: true });
      // A dialog that a key or the palette opened was opened from nowhere: what the page begins with is next at hand,
      // unless what was done there opens the next dialog, which takes the focus a moment later.
      else
        setTimeout(() => {
          const next = document.querySelector('[role="dialog"], [role="alertdialog"]');
          if (!next && nothingHasIt()) pageStart()?.focus({ preventScroll: true });
        });
    },
    [before],
  );
}

function nothingHasIt(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** Where reading or working on the page begins: its list, or its heading where it has none. */
function pageStart(): HTMLElement | null {
  const main = document.querySelector("main");
  return (
    main?.querySelector<HTMLElement>('[role="grid"], [role="treegrid"]') ?? main?.querySelector("h1") ?? null
  );
}

/** The same for a pane beside a list, unless the focus has gone elsewhere by then; else to the list itself. */
export function usePaneFocusReturn(pane: RefObject<HTMLElement | null>) {
  const [before] = useState(() => document.activeElement);
  useEffect(() => {
    const beside = pane.current?.parentElement;
    return () => {
      if (!nothingHasIt()) return;
      const there = before instanceof HTMLElement && before !== document.body && before.isConnected;
      const back = there ? before : beside?.querySelector<HTMLElement>('[role="grid"]');
      back?.focus({ preventScroll: true });
    };
  }, [before, pane]);
}
