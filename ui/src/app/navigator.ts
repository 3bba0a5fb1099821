// Joins the router's history with the tabs: every history entry belongs to the tab that made it.
import { createBrowserHistory } from "@tanstack/react-router";
import {
  activeTab,
  closed,
  hrefOf,
  newTab,
  opened,
  replaced,
  sound,
  stepped,
  tabsStore,
  twin,
  visited,
  withTab,
} from "./tabs";

export const history = createBrowserHistory();

const ownerByKey = new Map<string, string>();
let switching = false;
let returning = false;

function keyOf(state: unknown): string {
  const value = state as { __TSR_key?: string; key?: string };
  return value.__TSR_key ?? value.key ?? "";
}

/** Shows an address without writing it into the tab's history: the tab already knows it. */
function show(href: string, how: "push" | "replace") {
  switching = true;
  if (how === "push") history.push(href);
  else history.replace(href);
}

history.subscribe(({ location, action }) => {
  const state = tabsStore.get();
  const key = keyOf(location.state);
  const href = location.href;
  if (switching) {
    switching = false;
    returning = true;
    ownerByKey.set(key, state.active);
    return;
  }
  // A replaced address is the same visit with other filters.
  if (action.type === "PUSH") returning = false;
  if (action.type === "PUSH" || action.type === "REPLACE") {
    ownerByKey.set(key, state.active);
    const tab = activeTab(state);
    tabsStore.set(withTab(state, action.type === "PUSH" ? visited(tab, href) : replaced(tab, href)));
    return;
  }
  returning = true;
  // The browser's own back and forward: the entry's tab is shown again, where it was.
  const owner = ownerByKey.get(key);
  const tab = state.tabs.find((one) => one.id === owner) ?? activeTab(state);
  const at = tab.hrefs.lastIndexOf(href);
  tabsStore.set({ ...withTab(state, at >= 0 ? { ...tab, at } : visited(tab, href)), active: tab.id });
});

export const navigator = {
  returning: () => returning,
  go(href: string, options?: { replace?: boolean }) {
    const state = tabsStore.get();
    const other = options?.replace ? undefined : twin(state, href);
    if (other) {
      tabsStore.set({ ...withTab(state, visited(other, href)), active: other.id });
      show(href, "push");
    } else if (options?.replace) history.replace(href);
    else history.push(href);
  },
  /** Shows an address in a tab of its own; the one that shows it already will do. */
  openTab(href: string) {
    const known = tabsStore.get().tabs.find((tab) => hrefOf(tab) === href);
    if (known) navigator.showTab(known.id);
    else if (twin(tabsStore.get(), href)) navigator.go(href);
    else navigator.addTab(href);
  },
  addTab(href: string) {
    const state = tabsStore.get();
    const tab = newTab(href);
    const at = state.tabs.findIndex((one) => one.id === state.active);
    tabsStore.set({ tabs: state.tabs.toSpliced(at + 1, 0, tab), active: tab.id });
    show(href, "push");
    returning = false;
  },
  showTab(id: string) {
    const state = tabsStore.get();
    const tab = state.tabs.find((one) => one.id === id);
    if (!tab || id === state.active) return;
    tabsStore.set({ active: id });
    show(hrefOf(tab), "push");
  },
  closeTab(id: string) {
    const state = tabsStore.get();
    const next = closed(state, id);
    tabsStore.set(next);
    if (state.active === id) show(hrefOf(activeTab(next)), "replace");
  },
  step(by: 1 | -1) {
    const state = tabsStore.get();
    const tab = stepped(activeTab(state), by);
    if (!tab) return;
    tabsStore.set(withTab(state, tab));
    show(hrefOf(tab), "replace");
  },
  /** Shows the tab `by` places further on. */
  cycle(by: 1 | -1) {
    const { tabs, active } = tabsStore.get();
    const at = tabs.findIndex((tab) => tab.id === active);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (next) navigator.showTab(next.id);
  },
};

/** Brings back the tabs of last time; an address typed by the person wins over the last one shown. */
export function restoreTabs() {
  const stored = sound(tabsStore.get());
  const href = location.pathname + location.search;
  if (href === "/") {
    tabsStore.set(stored);
    show(hrefOf(activeTab(stored)), "replace");
    return;
  }
  const next = opened(stored, href);
  tabsStore.set(next);
  ownerByKey.set(keyOf(history.location.state), next.active);
}
