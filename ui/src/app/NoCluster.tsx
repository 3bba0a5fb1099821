import { Button } from "../components/Button";
import { Head, Page } from "../components/layout";
import { Empty } from "../components/states";
import type { ClusterId, ClusterSummary } from "../ipc/bindings";
import { useCall } from "../ipc/call";
import { hrefs } from "../lib/hrefs";
import { navigator } from "./navigator";

/** Whether there is a connection for an address. The feed may be a moment behind one that was just made, so what it
 * lacks is asked for. */
export function useWhetherThere(
  clusterId: string | undefined,
  clusters: readonly ClusterSummary[] | undefined,
): "there" | "asking" | "none" {
  const has = (list: readonly ClusterSummary[]) => list.some((one) => one.clusterId === clusterId);
  const lacking = clusterId !== undefined && clusters !== undefined && !has(clusters);
  const asked = useCall("clusters.list", {}, { enabled: lacking, fresh: `${clusterId} ${clusters?.length}` });
  if (!lacking) return "there";
  if (asked.value) return has(asked.value) ? "there" : "none";
  return asked.loading ? "asking" : "there";
}

/** An address of a cluster that was removed, or that never was one. */
export function NoCluster({ clusterId }: { clusterId: ClusterId }) {
  const removed = useCall("clusters.removed", {}, { fresh: clusterId });
  const was = removed.value?.find((one) => one.clusterId === clusterId);
  return (
    <Page>
      <Head mono title={was?.name ?? clusterId} />
      <div className="line" />
      {!removed.loading && (
        <Empty
          title={was ? "This connection was removed" : "There is no such connection"}
          action={
            <Button kind="primary" onClick={() => navigator.go(hrefs.home())}>
              Show all clusters
            </Button>
          }
        >
          {was
            ? "It can be restored from the list of clusters."
            : "None of the clusters that are kept here has this address."}
        </Empty>
      )}
    </Page>
  );
}
