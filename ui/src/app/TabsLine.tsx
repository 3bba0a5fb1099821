import { useEffect, useRef } from "react";
import { Glyph } from "../components/Glyph";
import { IconAdd, IconClose, IconFind, IconHome } from "../components/icons";
import { Tip } from "../components/Tip";
import { SafeLine } from "../components/text";
import { label as keyLabel } from "../lib/keys";
import { navigator } from "./navigator";
import { hrefOf, type TabsState } from "./tabs";
import { tabTitle } from "./tabTitle";

interface TabsLineProps {
  state: TabsState;
  clusterId: string | undefined;
  welcome: boolean;
  onFind: () => void;
}

export function TabsLine({ state, clusterId, welcome, onFind }: TabsLineProps) {
  const active = useRef<HTMLSpanElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with many tabs the one shown may be out of sight.
  useEffect(() => {
    active.current?.scrollIntoView({ inline: "nearest", block: "nearest" });
  }, [state.active]);
  return (
    <div className="tabs">
      <div className="list" role="tablist" aria-label="Tabs">
        {state.tabs.map((tab) => {
          const href = hrefOf(tab);
          const home = welcome && href === "/";
          const { words, icon } = home ? { words: "Welcome", icon: IconHome } : tabTitle(href);
          const on = tab.id === state.active;
          return (
            <span
              key={tab.id}
              ref={on ? active : undefined}
              className={`tab ${on ? "on" : ""}`}
              role="presentation"
              title={words}
              onAuxClick={(event) => event.button === 1 && navigator.closeTab(tab.id)}
            >
              <button
                type="button"
                role="tab"
                aria-selected={on}
                aria-keyshortcuts="Delete"
                onKeyDown={(event) => event.key === "Delete" && navigator.closeTab(tab.id)}
                onClick={() => navigator.showTab(tab.id)}
              >
                <Glyph icon={icon} small />
                <span className="cut">
                  <SafeLine text={words} />
                </span>
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
          onClick={() => navigator.openTab(clusterId ? `/c/${encodeURIComponent(clusterId)}/topics` : "/")}
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
