// The open cluster and what may be done in it.
import { safeWords } from "../lib/safeText";
import type { ClusterId, ClusterSummary } from "./bindings";
import { useFeed } from "./feed";

export function useClusters(): ClusterSummary[] | undefined {
  return useFeed("clusters", {}).value;
}

export function useCluster(clusterId: ClusterId | undefined): ClusterSummary | undefined {
  return useClusters()?.find((cluster) => cluster.clusterId === clusterId);
}

/** Why writing is refused here, or nothing when it is allowed. */
export function writeRefusal(cluster: ClusterSummary | undefined): string | undefined {
  if (!cluster) return "The cluster is not open";
  const name = safeWords(cluster.name);
  if (cluster.readOnly) return `${name} is read-only`;
  if (cluster.state === "stopped") return `${name} is stopped`;
  if (cluster.state === "unreachable") return `${name} is unreachable`;
  return undefined;
}
