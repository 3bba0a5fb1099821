import { say } from "../../components/Toasts";
import type { ClusterId } from "../../ipc/bindings";
import { call, queryClient } from "../../ipc/call";
import { sayFailed } from "../../ipc/failed";

/** Puts a removed connection on the list again, as it was. */
export function restoreCluster(clusterId: ClusterId, name: string) {
  call("clusters.restore", { clusterId }).then(() => {
    say({ words: `${name} is on the list again` });
    void queryClient.invalidateQueries({ queryKey: ["clusters.removed"] });
  }, sayFailed);
}
