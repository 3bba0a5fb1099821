import type { ConfigEntry, LocalSetting } from "../../ipc/bindings";

/** What a person wrote and has not started the cluster with yet. */
export interface LocalDraft {
  brokers: string;
  basePort: string;
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
