import type { ReactNode } from "react";
import { Button } from "./Button";

export interface DangerFooterProps {
  /** What the button does, in its own words. */
  verb: string;
  running: boolean;
  /** Why it cannot be done yet. */
  disabledReason?: string;
  /** What stands at the left. */
  note?: ReactNode;
  onClose: () => void;
  onDo: () => void;
}

/** The foot of a dialog that asks before something is lost. */
export function DangerFooter({ verb, running, disabledReason, note, onClose, onDo }: DangerFooterProps) {
  return (
    <>
      {note}
      <span className="grow" />
      <Button onClick={onClose}>Cancel</Button>
      <Button kind="danger" running={running} disabledReason={disabledReason} onClick={onDo}>
        {verb}
      </Button>
    </>
  );
}
