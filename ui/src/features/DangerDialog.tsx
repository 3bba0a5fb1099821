import { type ReactNode, useState } from "react";
import { DangerFooter } from "../components/DangerFooter";
import { Dialog } from "../components/Dialog";
import type { IconType } from "../components/icons";
import { TypedConfirm, unconfirmed } from "../components/TypedConfirm";
import type { AppError } from "../ipc/bindings";
import { ErrorView } from "../ipc/remedies";

export interface DangerDialogProps {
  title: string;
  icon: IconType;
  /** What the button does, in its own words. */
  verb: string;
  /** What must be typed first. */
  confirm?: string;
  /** What stands at the left of the foot. */
  note?: ReactNode;
  act: { running: boolean; error: AppError | undefined };
  /** A failure can be tried again where it stands. */
  retry?: boolean;
  onClose: () => void;
  onDo: () => void;
  children: ReactNode;
}

/** Asks before something is lost, and says why it was not done. */
export function DangerDialog(props: DangerDialogProps) {
  const { act, confirm, onClose, onDo } = props;
  const [typed, setTyped] = useState("");
  return (
    <Dialog
      title={props.title}
      icon={props.icon}
      onClose={onClose}
      footer={
        <DangerFooter
          verb={props.verb}
          running={act.running}
          disabledReason={unconfirmed(confirm, typed)}
          note={props.note}
          onClose={onClose}
          onDo={onDo}
        />
      }
    >
      <div className="pad stack">
        {props.children}
        {confirm && (
          <div className="row">
            <TypedConfirm word={confirm} typed={typed} onType={setTyped} />
          </div>
        )}
        {act.error && <ErrorView flush error={act.error} onRetry={props.retry ? onDo : undefined} />}
      </div>
    </Dialog>
  );
}
