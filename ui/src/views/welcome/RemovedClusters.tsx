import { useState } from "react";
import { Button } from "../../components/Button";
import { Age } from "../../components/clock";
import { Dialog } from "../../components/Dialog";
import { EnvLabel } from "../../components/EnvLabel";
import { IconHistory } from "../../components/icons";
import { usePageActions } from "../../components/pageActions";
import { SafeLine } from "../../components/text";
import { useCall } from "../../ipc/call";
import { counted } from "../../lib/numbers";
import { restoreCluster } from "./removed";

const EVERY_MS = 5000;

/** One quiet line on what was taken off the list; `listed` is how many are on it, and its change asks anew. */
export function RemovedClusters({ listed }: { listed: number }) {
  const removed = useCall("clusters.removed", {}, { everyMs: EVERY_MS, fresh: String(listed) }).value ?? [];
  const [open, setOpen] = useState(false);
  const none = removed.length === 0;
  usePageActions([
    {
      id: "clusters.removed",
      label: "Restore a removed connection",
      icon: IconHistory,
      disabledReason: none ? "none was removed" : undefined,
      run: () => setOpen(true),
    },
  ]);
  if (none) return null;
  return (
    <div className="pad-x row small t2 mt-2">
      {counted(removed.length, "removed connection")}
      <Button kind="word" onClick={() => setOpen(true)}>
        Restore…
      </Button>
      {open && (
        <Dialog title="Removed connections" icon={IconHistory} size="wide" onClose={() => setOpen(false)}>
          <ul className="pad stack" aria-label="Removed connections">
            {removed.map((one) => (
              <li key={one.clusterId} className="row small">
                <span className="b cut">
                  <SafeLine text={one.name} />
                </span>
                <EnvLabel env={one.environment} />
                <span className="mono-data t2 selectable cut grow">{one.bootstrap}</span>
                <Age at={one.removedAt} className="t3" />
                <Button
                  small
                  name={`Restore ${one.name}`}
                  onClick={() => {
                    restoreCluster(one.clusterId, one.name);
                    setOpen(false);
                  }}
                >
                  Restore
                </Button>
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </div>
  );
}
