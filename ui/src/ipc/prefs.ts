import type { TimeZoneMode } from "../lib/time";
import { Persisted, usePersisted } from "./persisted";

export type ThemeChoice = "light" | "dark" | "system";
export type Density = "compact" | "comfortable";

export interface Pin {
  kind: "topic" | "group";
  name: string;
}

/** An address under a name. */
export interface SavedView {
  name: string;
  href: string;
}

export interface Prefs {
  theme: ThemeChoice;
  zone: TimeZoneMode;
  density: Density;
  railNarrow: boolean;
  /** The menu bar of the desktop, where it is not always there. */
  menuBar: boolean;
  inspectorWidth: number;
  snippet: string;
  /** Columns that were put away, by list. */
  hidden: Record<string, readonly string[]>;
  /** Saved views of lists, by cluster. */
  views: Record<string, readonly SavedView[]>;
  /** First steps that were done, and whether their list was put away. */
  tried: readonly string[];
  tryNextDone: boolean;
  /** Pinned nouns by cluster. */
  pins: Record<string, Pin[]>;
}

type Lists = "hidden" | "views" | "pins";

/** Lists by name, without what is no list of such things. */
function lists<T>(stored: unknown, is: (item: unknown) => boolean): Record<string, T[]> {
  const kept = Object.entries(stored as Record<string, unknown>).flatMap(([name, list]) =>
    Array.isArray(list) ? [[name, list.filter(is)] as const] : [],
  );
  return Object.fromEntries(kept);
}

const isText = (item: unknown) => typeof item === "string";
const has =
  (...fields: string[]) =>
  (item: unknown) =>
    typeof item === "object" &&
    item !== null &&
    fields.every((field) => isText((item as Record<string, unknown>)[field]));

function clean(stored: Partial<Prefs>): Partial<Prefs> {
  const checked: Pick<Partial<Prefs>, Lists> = {
    ...(stored.hidden && { hidden: lists<string>(stored.hidden, isText) }),
    ...(stored.views && { views: lists<SavedView>(stored.views, has("name", "href")) }),
    ...(stored.pins && { pins: lists<Pin>(stored.pins, has("kind", "name")) }),
  };
  return { ...stored, ...checked, ...(stored.tried && { tried: stored.tried.filter(isText) }) };
}

const initial: Prefs = {
  theme: "system",
  zone: "local",
  density: "compact",
  railNarrow: false,
  menuBar: false,
  inspectorWidth: 380,
  snippet: "python",
  hidden: {},
  views: {},
  tried: [],
  tryNextDone: false,
  pins: {},
};

export const prefs = new Persisted<Prefs>("prefs", initial, clean);

export function usePrefs() {
  return usePersisted(prefs);
}

export function isPinned(all: Prefs, clusterId: string, pin: Pin): boolean {
  return (all.pins[clusterId] ?? []).some((other) => other.kind === pin.kind && other.name === pin.name);
}

export function togglePin(clusterId: string, pin: Pin): void {
  const { pins } = prefs.get();
  const mine = pins[clusterId] ?? [];
  const without = mine.filter((other) => other.kind !== pin.kind || other.name !== pin.name);
  prefs.set({ pins: { ...pins, [clusterId]: without.length < mine.length ? without : [...mine, pin] } });
}
