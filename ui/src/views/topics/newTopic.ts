// The form of a topic that is to be created: what it shows, what is wrong with it, and the change it asks for.
import { valueProblem } from "../../features/settings";
import type { Change, ConfigEntry } from "../../ipc/bindings";
import { type Cleanup, TEMPLATES, type TopicTemplate } from "./templates";
import type { Likeness } from "./useClone";

const NAME_MAX = 249;
const PARTITIONS_MAX = 10_000;
const REPLICAS = 3;
const CLEANUP = "cleanup.policy";
const RETENTION = "retention.ms";
const IN_SYNC = "min.insync.replicas";

export interface NewTopic {
  name: string;
  /** The template it was filled from; empty for none. */
  template: string;
  partitions: string;
  /** Empty for three, or as many as there are brokers. */
  replicas: string;
  /** Replicas that must have a record; not there until somebody types it, empty for what the broker says. */
  inSync?: string;
  cleanup: Cleanup | "";
  retention: string;
  /** Further settings. An empty value leaves one to the broker. */
  settings: readonly ConfigEntry[];
}

export const EMPTY: NewTopic = {
  name: "",
  template: "",
  partitions: "3",
  replicas: "",
  cleanup: "",
  retention: "",
  settings: [],
};

/** Returns what choosing a template changes; choosing none empties what templates fill. */
export function filledBy(id: string): Partial<NewTopic> {
  const { partitions, cleanup, retention, settings } = TEMPLATES.find((one) => one.id === id) ?? EMPTY;
  return { template: id, partitions, cleanup, retention, settings, inSync: undefined };
}

export function templateOf(form: NewTopic): TopicTemplate | undefined {
  return TEMPLATES.find((one) => one.id === form.template);
}

export function formLike(like: Likeness): NewTopic {
  const of = (name: string) => like.configs.find((config) => config.name === name)?.value ?? "";
  return {
    name: `${like.name}.copy`.slice(0, NAME_MAX),
    template: "",
    partitions: String(like.partitions),
    replicas: String(like.replicationFactor),
    inSync: of(IN_SYNC),
    cleanup: cleanupOf(of(CLEANUP)),
    retention: of(RETENTION),
    settings: like.configs.filter(({ name }) => ![CLEANUP, RETENTION, IN_SYNC].includes(name)),
  };
}

function cleanupOf(text: string): Cleanup | "" {
  const words = text.split(",").map((word) => word.trim());
  if (words.includes("compact")) return words.includes("delete") ? "compact,delete" : "compact";
  return words.includes("delete") ? "delete" : "";
}

/** The number of replicas that is shown: no more than there are brokers, until one is typed. */
export function replicasOf(form: NewTopic, brokers: number): string {
  return form.replicas === "" ? String(Math.min(REPLICAS, Math.max(1, brokers))) : form.replicas;
}

/** How many replicas must have a record. With a template all but one, so that one broker may be away. */
export function inSyncOf(form: NewTopic, brokers: number): string {
  if (form.inSync !== undefined) return form.inSync;
  const replicas = Number(replicasOf(form, brokers));
  return form.template !== "" && replicas >= 1 ? String(Math.max(1, replicas - 1)) : "";
}

export interface Problems {
  name?: string;
  partitions?: string;
  replicas?: string;
  inSync?: string;
  settings?: string;
}

export function problemsOf(form: NewTopic, brokers: number): Problems {
  const replicas = replicasOf(form, brokers);
  const replicasWrong = countProblem("Replicas", replicas, Math.max(1, brokers));
  const inSync = inSyncOf(form, brokers);
  // Of a number of replicas that is wrong itself nothing more is said.
  const unknown = inSync === "" || replicasWrong !== undefined;
  const wrong = form.settings.find((one) => settingProblem(one) !== undefined);
  return {
    name: nameProblem(form.name),
    partitions: countProblem("Partitions", form.partitions, PARTITIONS_MAX),
    replicas: replicasWrong,
    inSync: unknown ? undefined : countProblem("In sync", inSync, Number(replicas)),
    settings: wrong && `${wrong.name}: ${settingProblem(wrong)}`,
  };
}

export function firstProblem(problems: Problems): string | undefined {
  const { name, partitions, replicas, inSync, settings } = problems;
  return name ?? partitions ?? replicas ?? inSync ?? settings;
}

/** Says what is wrong with a setting whose type is told by its name only. */
export function settingProblem({ name, value }: ConfigEntry): string | undefined {
  if (value.trim() === "") return undefined;
  const type = /\.(ms|bytes)$/.test(name) ? "long" : /\.ratio$/.test(name) ? "double" : "string";
  return valueProblem({ type }, value);
}

/** Returns the change that the form asks for. What it leaves to the broker is not part of it. */
export function changeOf(form: NewTopic, brokers: number): Change {
  const configs = [
    { name: CLEANUP, value: form.cleanup },
    { name: RETENTION, value: form.retention },
    { name: IN_SYNC, value: inSyncOf(form, brokers) },
    ...form.settings,
  ];
  return {
    kind: "createTopic",
    name: form.name,
    partitions: Number(form.partitions),
    replicationFactor: Number(replicasOf(form, brokers)),
    configs: configs
      .map(({ name, value }) => ({ name, value: value.trim() }))
      .filter(({ value }) => value !== ""),
  };
}

function nameProblem(name: string): string | undefined {
  if (name === "") return "Enter a name";
  if (name.length > NAME_MAX) return `A name has at most ${NAME_MAX} characters`;
  if (name === "." || name === "..") return "This name is reserved";
  return /^[a-zA-Z0-9._-]+$/.test(name) ? undefined : "Letters, digits, dot, underscore and hyphen only";
}

function countProblem(what: string, text: string, max: number): string | undefined {
  const fits = /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= max;
  return fits ? undefined : `${what} is 1 to ${max}`;
}
