import { Glyph } from "../components/Glyph";
import { IconDelete, IconWarn } from "../components/icons";
import { say } from "../components/Toasts";
import { useAct } from "../ipc/call";
import { DangerDialog } from "./DangerDialog";

/** What the host asks for, whatever the cluster is called. */
const CONFIRM = "Local";

export function ResetDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const reset = useAct("local.reset", () => {
    say({ words: `${name} is empty again` });
    onClose();
  });
  return (
    <DangerDialog
      title={`Reset ${name}`}
      icon={IconDelete}
      verb="Reset cluster"
      confirm={CONFIRM}
      act={reset}
      onClose={onClose}
      onDo={() => reset.run({ confirm: CONFIRM })}
    >
      <p className="row small bad">
        <Glyph icon={IconWarn} />
        All topics, records, groups and settings of this cluster are deleted. This cannot be undone.
      </p>
    </DangerDialog>
  );
}
