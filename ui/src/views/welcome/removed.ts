import { say } from "../../components/Toasts";
import type { ClusterId } from "../../ipc/bindings";
import { appError, call, queryClient } from "../../ipc/call";

/** Puts a removed connection on the list again, as it was. */
export function restoreCluster(clusterId: ClusterId, name: string) {
  call("clusters.restore", { clusterId }).then(
    () => {
      say({ words: `${name} is on the list again` });
      void queryClient.invalidateQueries({ queryKey: ["clusters.removed"] });
    },
    (cause: unknown) => say({ words: `${appError(cause).what}. ${appError(cause).why}`, bad: true }),
  );
}
