import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from "react";
import { Glyph } from "../components/Glyph";
import { IconAdd, IconClose, IconFind, IconHome } from "../components/icons";
import { rove } from "../components/roving";
import { Tip } from "../components/Tip";
import { SafeLine } from "../components/text";
import { useClusters } from "../ipc/cluster";
import { label as keyLabel } from "../lib/keys";
import { safeWords } from "../lib/safeText";
import { navigator } from "./navigator";
import { hrefOf, type TabsState } from "./tabs";
import { tabTitles } from "./tabTitle";

interface TabsLineProps {
  state: TabsState;
  clusterId: string | undefined;
  welcome: boolean;
  onFind: () => void;
}

export function TabsLine({ state, clusterId, welcome, onFind }: TabsLineProps) {
  const active = useRef<HTMLSpanElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const clusters = useClusters();
  const hrefs = state.tabs.map(hrefOf);
  const titles = tabTitles(hrefs, (id) => clusters?.find((one) => one.clusterId === id)?.name);
  // A tab that was closed by key leaves the focus to its neighbour.
  const closedAt = useRef<number>(undefined);
  useLayoutEffect(() => {
    if (closedAt.current === undefined) return;
    const tabs = list.current?.querySelectorAll<HTMLElement>("[role=tab]") ?? [];
    tabs[Math.min(closedAt.current, tabs.length - 1)]?.focus();
    closedAt.current = undefined;
  });
  const onKey = (event: KeyboardEvent, id: string, at: number) => {
    if (event.key !== "Delete") return;
    closedAt.current = at;
    navigator.closeTab(id);
  };
  // With many tabs the one shown may be out of sight; names and the window's width come and change later.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is shown, or there are more or fewer.
  useEffect(() => {
    const line = list.current;
    if (!line) return;
    const show = () => active.current?.scrollIntoView({ inline: "nearest", block: "nearest" });
    show();
    const observer = new ResizeObserver(show);
    for (const element of [line, ...line.children]) observer.observe(element);
    return () => observer.disconnect();
  }, [state.active, state.tabs.length]);
  return (
    <div className="tabs">
      <div ref={list} className="list" role="tablist" aria-label="Tabs" onKeyDown={rove}>
        {state.tabs.map((tab, at) => {
          const href = hrefOf(tab);
          const title = welcome && href === "/" ? undefined : titles[at];
          const { words: name, more, icon } = title ?? { words: "Welcome", more: "", icon: IconHome };
          const words = safeWords(name + more);
          const on = tab.id === state.active;
          return (
            <span
              key={tab.id}
              ref={on ? active : undefined}
              className={`tab ${on ? "on" : ""} ${more ? "told" : ""}`}
              role="presentation"
              title={words}
              onAuxClick={(event) => event.button === 1 && navigator.closeTab(tab.id)}
            >
              <button
                type="button"
                role="tab"
                aria-selected={on}
                aria-keyshortcuts="Delete"
                tabIndex={on ? 0 : -1}
                onKeyDown={(event) => onKey(event, tab.id, at)}
                onClick={() => navigator.showTab(tab.id)}
              >
                <Glyph icon={icon} small />
                <span className="cut">
                  <SafeLine text={name} />
                </span>
                {more && (
                  <span className="more">
                    <SafeLine text={more} />
                  </span>
                )}
              </button>
              {(state.tabs.length > 1 || href !== "/") && (
                <button
                  type="button"
                  className="x"
                  aria-label={`Close tab ${words}`}
                  // A tab list may hold tabs only; by keyboard a tab is closed with Delete or the shortcut.
                  aria-hidden
                  tabIndex={-1}
                  onClick={() => navigator.closeTab(tab.id)}
                >
                  <Glyph icon={IconClose} small />
                </button>
              )}
            </span>
          );
        })}
      </div>
      <Tip words={`New tab (${keyLabel("Alt+N")})`}>
        <button
          type="button"
          className="add"
          aria-label="New tab"
          onClick={() => navigator.addTab(clusterId ? `/c/${encodeURIComponent(clusterId)}/topics` : "/")}
        >
          <Glyph icon={IconAdd} small />
        </button>
      </Tip>
      <button type="button" className="find" aria-label="Search or run" onClick={onFind}>
        <Glyph icon={IconFind} small />
        Search or run
        <kbd>{keyLabel("Mod+K")}</kbd>
      </button>
    </div>
  );
}
