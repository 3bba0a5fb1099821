import { Tooltip } from "@mantine/core";
import type { ReactElement, ReactNode } from "react";

const DELAY_MS = 350;

/** Words that appear over a control; for an icon-only button they carry its shortcut too. */
export function Tip({ words, children }: { words: ReactNode; children: ReactElement }) {
  if (!words) return children;
  return (
    <Tooltip
      label={words}
      openDelay={DELAY_MS}
      unstyled
      classNames={{ tooltip: "tooltip" }}
      multiline
      events={{ hover: true, focus: true, touch: false }}
    >
      {children}
    </Tooltip>
  );
}
