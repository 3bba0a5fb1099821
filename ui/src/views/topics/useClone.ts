import type { ClusterId, ConfigEntry } from "../../ipc/bindings";
import { type Answer, useCall } from "../../ipc/call";

/** What a new topic is made like. */
export interface Likeness {
  name: string;
  partitions: number;
  replicationFactor: number;
  configs: ConfigEntry[];
}

/** Reads the topic that is to be cloned: its shape, and the settings that are its own. */
export function useClone(
  clusterId: ClusterId,
  topic: string | undefined,
): Pick<Answer<Likeness>, "value" | "error"> {
  const detail = useCall("topic.get", { clusterId, topic: topic ?? "" }, { enabled: topic !== undefined });
  const found = topic === undefined ? undefined : detail.value?.value;
  const cell = found?.configs;
  if (!found || cell?.state !== "value") {
    const error = cell?.state === "failed" ? cell.error : detail.error;
    return { value: undefined, error: topic === undefined ? undefined : error };
  }
  const own = cell.value.filter((row) => row.source === "topic" && !row.sensitive);
  return {
    value: {
      name: found.name,
      partitions: found.partitions.length,
      replicationFactor: found.partitions[0]?.replicas.length ?? 1,
      configs: own.map((row) => ({ name: row.name, value: row.value ?? "" })),
    },
    error: undefined,
  };
}
