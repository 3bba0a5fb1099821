import { Tooltip } from "@mantine/core";
import type { ReactElement, ReactNode } from "react";
import { SafeText } from "./text";

const DELAY_MS = 350;

/** Words that appear over a control; for an icon-only button they carry its shortcut too. */
export function Tip({ words, children }: { words: ReactNode; children: ReactElement }) {
  if (!words) return children;
  return (
    <Tooltip
      label={typeof words === "string" ? <SafeText text={words} /> : words}
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
