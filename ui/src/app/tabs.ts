// A tab is an id and a history of addresses; one router shows the active one.
import { Persisted } from "../ipc/persisted";
import { hrefs } from "../lib/hrefs";
import { clusterOf, isOwnPage } from "./tabTitle";

export interface Tab {
  id: string;
  hrefs: string[];
  at: number;
}

export interface TabsState {
  tabs: Tab[];
  active: string;
}

const HISTORY_MAX = 50;

export function newTab(href: string): Tab {
  return { id: crypto.randomUUID(), hrefs: [href], at: 0 };
}

const first = newTab("/");
/** Tabs without an address, or with a place in their history that is not there, are left out. */
function clean(stored: Partial<TabsState>): Partial<TabsState> {
  const isTab = (tab: Partial<Tab> | null) =>
    typeof tab?.id === "string" &&
    Array.isArray(tab.hrefs) &&
    tab.hrefs.every((href) => typeof href === "string" && href.startsWith("/")) &&
    tab.hrefs[tab.at ?? -1] !== undefined;
  const tabs = (stored.tabs ?? []).filter(isTab);
  return tabs.length === 0 ? {} : { ...stored, tabs };
}

export const tabsStore = new Persisted<TabsState>("tabs", { tabs: [first], active: first.id }, clean);

function pathOf(href: string): string {
  return href.split("?")[0] ?? href;
}

export function hrefOf(tab: Tab): string {
  return tab.hrefs[tab.at] ?? "/";
}

export function activeTab(state: TabsState): Tab {
  return state.tabs.find((tab) => tab.id === state.active) ?? state.tabs[0] ?? newTab("/");
}

/** The tab after it went somewhere; what lay ahead of it is forgotten. */
export function visited(tab: Tab, href: string): Tab {
  if (hrefOf(tab) === href) return tab;
  const hrefs = [...tab.hrefs.slice(0, tab.at + 1), href].slice(-HISTORY_MAX);
  return { ...tab, hrefs, at: hrefs.length - 1 };
}

export function replaced(tab: Tab, href: string): Tab {
  return { ...tab, hrefs: tab.hrefs.map((old, at) => (at === tab.at ? href : old)) };
}

export function stepped(tab: Tab, step: 1 | -1): Tab | undefined {
  const at = tab.at + step;
  return at >= 0 && at < tab.hrefs.length ? { ...tab, at } : undefined;
}

export function withTab(state: TabsState, tab: Tab): TabsState {
  return { ...state, tabs: state.tabs.map((other) => (other.id === tab.id ? tab : other)) };
}

/** Closing the last tab leaves home, so that the window is never without one. */
export function closed(state: TabsState, id: string): TabsState {
  const at = state.tabs.findIndex((tab) => tab.id === id);
  const tabs = state.tabs.filter((tab) => tab.id !== id);
  const next = tabs[Math.min(at, tabs.length - 1)] ?? newTab("/");
  return {
    tabs: tabs.length > 0 ? tabs : [next],
    active: state.active === id ? next.id : state.active,
  };
}

/** The tabs with an address that a person typed: shown where its view is open, with its search; else a new tab. */
export function opened(state: TabsState, href: string): TabsState {
  const exact = state.tabs.find((tab) => hrefOf(tab) === href);
  const known = exact ?? state.tabs.find((tab) => pathOf(hrefOf(tab)) === pathOf(href));
  if (known) return { ...withTab(state, visited(known, href)), active: known.id };
  const tab = newTab(href);
  const onlyHome = state.tabs.length === 1 && hrefOf(activeTab(state)) === "/";
  return { tabs: onlyHome ? [tab] : [...state.tabs, tab], active: tab.id };
}

/** Another tab that shows the same page, where one tab of it is enough. */
export function twin(state: TabsState, href: string): Tab | undefined {
  const path = pathOf(href);
  if (!isOwnPage(href) && path !== hrefs.connect()) return undefined;
  return state.tabs.find((tab) => tab.id !== state.active && pathOf(hrefOf(tab)) === path);
}

/** The cluster that the active tab shows, or showed before the program's own pages; a tab that was opened with one of
 * these stands beside what the tab before it shows. */
export function lastCluster(state: TabsState): string | undefined {
  const tabs = state.tabs.slice(0, state.tabs.indexOf(activeTab(state)) + 1);
  const seen = (tab: Tab) => tab.hrefs.slice(0, tab.at + 1).findLast((one) => !isOwnPage(one));
  const href = tabs.map(seen).findLast((one) => one !== undefined);
  return href === undefined ? undefined : clusterOf(href);
}

/** Repairs what was stored by another version. */
export function sound(state: TabsState): TabsState {
  const tabs = (Array.isArray(state.tabs) ? state.tabs : []).filter(
    (tab) => typeof tab?.id === "string" && Array.isArray(tab.hrefs) && typeof tab.hrefs[tab.at] === "string",
  );
  const fallback = tabs[0] ?? newTab("/");
  return {
    tabs: tabs.length > 0 ? tabs : [fallback],
    active: tabs.some((tab) => tab.id === state.active) ? state.active : fallback.id,
  };
}
