import { useState } from "react";
import { DangerFooter } from "../../components/DangerFooter";
import { Dialog } from "../../components/Dialog";
import { TextInput } from "../../components/fields";
import { Glyph } from "../../components/Glyph";
import { IconDelete, IconRestore, IconWarn } from "../../components/icons";
import { say } from "../../components/Toasts";
import type { LocalSnapshot } from "../../ipc/bindings";
import { useAct } from "../../ipc/call";
import { ErrorView } from "../../ipc/remedies";
import { bytes } from "../../lib/numbers";

interface SnapshotDialogProps {
  snapshot: LocalSnapshot;
  onClose: () => void;
}

/** Asks before all that the cluster holds goes. */
export function RestoreDialog({ snapshot, onClose }: SnapshotDialogProps) {
  const [typed, setTyped] = useState("");
  const restore = useAct("local.snapshot_restore", () => {
    say({ words: `The local cluster is as in ${snapshot.name}` });
    onClose();
  });
  const { name } = snapshot;
  return (
    <Dialog
      title={`Go back to ${name}`}
      icon={IconRestore}
      onClose={onClose}
      footer={
        <DangerFooter
          verb="Go back"
          running={restore.running}
          disabledReason={typed === name ? undefined : `Type ${name} to confirm`}
          onClose={onClose}
          onDo={() => restore.run({ name })}
        />
      }
    >
      <div className="pad stack">
        <p className="row top small bad">
          <Glyph icon={IconWarn} />
          All topics, records, groups and settings that the cluster has now are deleted; it continues as it
          was when the snapshot was taken. Clients are disconnected for a moment. Take a snapshot first to be
          able to return.
        </p>
        <div className="row">
          <span className="small t2">
            Type <b className="mono-data selectable">{name}</b> to confirm
          </span>
          <TextInput name="Confirmation" autoFocus size="w-name" value={typed} onChange={setTyped} />
        </div>
        {restore.error && <ErrorView flush error={restore.error} />}
      </div>
    </Dialog>
  );
}

export function DeleteDialog({ snapshot, onClose }: SnapshotDialogProps) {
  const { name } = snapshot;
  const remove = useAct("local.snapshot_delete", () => {
    say({ words: `${name} is deleted` });
    onClose();
  });
  return (
    <Dialog
      title={`Delete ${name}`}
      icon={IconDelete}
      onClose={onClose}
      footer={
        <DangerFooter
          verb="Delete snapshot"
          running={remove.running}
          onClose={onClose}
          onDo={() => remove.run({ name })}
        />
      }
    >
      <div className="pad stack">
        <p className="row top small bad">
          <Glyph icon={IconWarn} />
          {bytes(snapshot.bytes)} are deleted, and nobody can go back to them. The cluster is not touched.
        </p>
        {remove.error && <ErrorView flush error={remove.error} />}
      </div>
    </Dialog>
  );
}
