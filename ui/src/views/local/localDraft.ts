import type { ConfigEntry, LocalSetting } from "../../ipc/bindings";

/** What a person wrote and has not started the cluster with yet. */
export interface LocalDraft {
  brokers: string;
  basePort: string;
  /** The most on disk, in GB; "0" is as much as there is room for. */
  diskMax: string;
  /** By setting; "" takes a value away again. */
  values: Record<string, string>;
  text: string;
  show: "here" | "all";
}

/** Names of what would be different after a start. */
export function changedSettings(
  draft: LocalDraft,
  settings: readonly LocalSetting[],
  brokersNow: string | undefined,
): string[] {
  const changes = settings
    .filter(({ name, set }) => draft.values[name] !== undefined && draft.values[name] !== (set ?? ""))
    .map(({ name }) => name);
  if (draft.diskMax !== "") changes.unshift("disk");
  if (draft.basePort !== "") changes.unshift("first port");
  if (draft.brokers !== "" && draft.brokers !== brokersNow) changes.unshift("brokers");
  return changes;
}

/** What is set at the next start: the values of before, with the draft's in their place. */
export function overridesOf(draft: LocalDraft, settings: readonly LocalSetting[]): ConfigEntry[] {
  return settings.flatMap(({ name, set }) => {
    const value = (draft.values[name] ?? set ?? "").trim();
    return value === "" ? [] : [{ name, value }];
  });
}

const GIGABYTE = 1_000_000_000;

/** Bytes of a number of GB; undefined where it is none. */
export function diskBytes(text: string): number | undefined {
  if (!/^\d{1,6}([.,]\d{1,3})?$/.test(text.trim())) return undefined;
  return Math.round(Number(text.trim().replace(",", ".")) * GIGABYTE);
}

/** A limit in bytes as GB. */
export const gigabytes = (bytes: number): string => String(bytes / GIGABYTE);

/** Why the cluster cannot be started like this. */
export function draftProblem(draft: LocalDraft, brokers: number): string | undefined {
  const last = 65_536 - brokers;
  const port = Number(draft.basePort);
  if (draft.basePort !== "" && (!/^\d{1,5}$/.test(draft.basePort) || port < 1 || port > last))
    return `The first port is a number from 1 to ${last}`;
  if (draft.diskMax !== "" && diskBytes(draft.diskMax) === undefined)
    return "The most on disk is a number of GB, or 0 for no limit";
  return undefined;
}
