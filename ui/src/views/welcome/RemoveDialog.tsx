import { EnvLabel } from "../../components/EnvLabel";
import { Glyph } from "../../components/Glyph";
import { IconDelete, IconHistory } from "../../components/icons";
import { say } from "../../components/Toasts";
import { SafeLine } from "../../components/text";
import { DangerDialog } from "../../features/DangerDialog";
import type { ClusterSummary } from "../../ipc/bindings";
import { useAct } from "../../ipc/call";
import { restoreCluster } from "./removed";

/** Takes a connection off the list. It touches no cluster and can be taken back, so nothing has to be typed. */
export function RemoveDialog({ cluster, onClose }: { cluster: ClusterSummary; onClose: () => void }) {
  const remove = useAct("clusters.remove", () => {
    say({
      words: `${cluster.name} is off the list`,
      action: { label: "Undo", run: () => restoreCluster(cluster.clusterId, cluster.name) },
    });
    onClose();
  });
  return (
    <DangerDialog
      title={`Remove connection ${cluster.name}`}
      icon={IconDelete}
      verb="Remove connection"
      note={
        <span className="row small t2">
          <Glyph icon={IconHistory} />
          It can be restored from Clusters.
        </span>
      }
      act={remove}
      onClose={onClose}
      onDo={() => remove.run({ clusterId: cluster.clusterId })}
    >
      <div className="row small">
        <span className="b cut">
          <SafeLine text={cluster.name} />
        </span>
        <EnvLabel env={cluster.environment} />
        <span className="mono-data t2 selectable cut">{cluster.bootstrap}</span>
      </div>
      <p className="small t2">
        The cluster itself is not touched. Its tabs stop answering; its pins and its history stay for when it
        is restored.
      </p>
    </DangerDialog>
  );
}
