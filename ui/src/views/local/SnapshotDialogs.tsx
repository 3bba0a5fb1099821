import { Glyph } from "../../components/Glyph";
import { IconDelete, IconRestore, IconWarn } from "../../components/icons";
import { say } from "../../components/Toasts";
import { DangerDialog } from "../../features/DangerDialog";
import type { LocalSnapshot } from "../../ipc/bindings";
import { useAct } from "../../ipc/call";
import { bytes } from "../../lib/numbers";

interface SnapshotDialogProps {
  snapshot: LocalSnapshot;
  onClose: () => void;
}

/** Asks before all that the cluster holds goes. */
export function RestoreDialog({ snapshot, onClose }: SnapshotDialogProps) {
  const { name } = snapshot;
  const restore = useAct("local.snapshot_restore", () => {
    say({ words: `The local cluster is as in ${name}` });
    onClose();
  });
  return (
    <DangerDialog
      title={`Go back to ${name}`}
      icon={IconRestore}
      verb="Go back"
      confirm={name}
      act={restore}
      onClose={onClose}
      onDo={() => restore.run({ name })}
    >
      <p className="row top small bad">
        <Glyph icon={IconWarn} />
        All topics, records, groups and settings that the cluster has now are deleted; it continues as it was
        when the snapshot was taken. Clients are disconnected for a moment. Take a snapshot first to be able
        to return.
      </p>
    </DangerDialog>
  );
}

export function DeleteDialog({ snapshot, onClose }: SnapshotDialogProps) {
  const { name } = snapshot;
  const remove = useAct("local.snapshot_delete", () => {
    say({ words: `${name} is deleted` });
    onClose();
  });
  return (
    <DangerDialog
      title={`Delete ${name}`}
      icon={IconDelete}
      verb="Delete snapshot"
      act={remove}
      onClose={onClose}
      onDo={() => remove.run({ name })}
    >
      <p className="row top small bad">
        <Glyph icon={IconWarn} />
        {bytes(snapshot.bytes)} are deleted, and nobody can go back to them. The cluster is not touched.
      </p>
    </DangerDialog>
  );
}
