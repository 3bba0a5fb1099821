import { useState } from "react";
import { DangerFooter } from "../components/DangerFooter";
import { Dialog } from "../components/Dialog";
import { TextInput } from "../components/fields";
import { Glyph } from "../components/Glyph";
import { IconDelete, IconWarn } from "../components/icons";
import { say } from "../components/Toasts";
import { useAct } from "../ipc/call";
import { ErrorView } from "../ipc/remedies";

/** What the host asks for, whatever the cluster is called. */
const CONFIRM = "Local";

export function ResetDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const reset = useAct("local.reset", () => {
    say({ words: `${name} is empty again` });
    onClose();
  });
  return (
    <Dialog
      title={`Reset ${name}`}
      icon={IconDelete}
      onClose={onClose}
      footer={
        <DangerFooter
          verb="Reset cluster"
          running={reset.running}
          disabledReason={typed === CONFIRM ? undefined : `Type ${CONFIRM} to confirm`}
          onClose={onClose}
          onDo={() => reset.run({ confirm: typed })}
        />
      }
    >
      <div className="pad stack">
        <p className="row small bad">
          <Glyph icon={IconWarn} />
          All topics, records, groups and settings of this cluster are deleted. This cannot be undone.
        </p>
        <div className="row">
          <span className="small t2">
            Type <b className="mono-data selectable">{CONFIRM}</b> to confirm
          </span>
          <TextInput name="Confirmation" autoFocus size="w-name" value={typed} onChange={setTyped} />
        </div>
        {reset.error && <ErrorView flush error={reset.error} />}
      </div>
    </Dialog>
  );
}
