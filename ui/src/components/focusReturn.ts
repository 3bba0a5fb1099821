import { type RefObject, useEffect, useState } from "react";

/** Gives the focus back to what had it before the caller appeared. */
export function useFocusReturn() {
  // Read while rendering: by the time an effect runs, a field inside has taken the focus.
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    },
    [before],
  );
}

/** The same for a pane beside a list, unless the focus has gone elsewhere by then; else to the list itself. */
export function usePaneFocusReturn(pane: RefObject<HTMLElement | null>) {
  const [before] = useState(() => document.activeElement);
  useEffect(() => {
    const beside = pane.current?.parentElement;
    return () => {
      if (document.activeElement && document.activeElement !== document.body) return;
      const there = before instanceof HTMLElement && before !== document.body && before.isConnected;
      const back = there ? before : beside?.querySelector<HTMLElement>('[role="grid"]');
      back?.focus({ preventScroll: true });
    };
  }, [before, pane]);
}
