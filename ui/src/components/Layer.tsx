import type { ReactNode } from "react";
import { createPortal } from "react-dom";

/** Puts an overlay above the page at once, so that keys pressed right after it opened reach it. */
export function Layer({ children }: { children: ReactNode }) {
  return createPortal(children, document.body);
}
