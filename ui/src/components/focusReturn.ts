import { useEffect, useState } from "react";

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
