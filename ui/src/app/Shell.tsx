// The window's frame: rail, tabs, the page, the status bar, and the keys that work everywhere.
import { useMantineColorScheme } from "@mantine/core";
import { useColorScheme } from "@mantine/hooks";
import { Outlet, useLocation } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useZone, ZoneProvider } from "../components/clock";
import { Glyph } from "../components/Glyph";
import { IconBad } from "../components/icons";
import { NavigationProvider } from "../components/navigation";
import { useRegisteredActions } from "../components/pageActions";
import { say, Toasts } from "../components/Toasts";
import { presence } from "../host/presence";
import type { ClusterId } from "../ipc/bindings";
import { useCall } from "../ipc/call";
import { useClusters, writeRefusal } from "../ipc/cluster";
import { usePersisted } from "../ipc/persisted";
import { usePrefs } from "../ipc/prefs";
import { isTyping, matches } from "../lib/keys";
import { safeWords } from "../lib/safeText";
import { clockTime } from "../lib/time";
import { shellActions } from "./actions";
import { HelpSheet } from "./HelpSheet";
import { moveInList } from "./moveInList";
import { NoCluster, useWhetherThere } from "./NoCluster";
import { navigator } from "./navigator";
import { Palette } from "./Palette";
import { Rail } from "./Rail";
import { StatusBar } from "./StatusBar";
import { TabsLine } from "./TabsLine";
import { lastCluster, tabsStore } from "./tabs";
import { clusterOf, isOwnPage, tabTitle } from "./tabTitle";
import { applyDensity, applyScheme } from "./theme";
import { useJobNews } from "./useJobNews";
import { useMenuBar } from "./useMenuBar";

export function Shell() {
  const href = useLocation({ select: (location) => location.href });
  const [prefs, setPrefs] = usePrefs();
  const [tabs] = usePersisted(tabsStore);
  const clusters = useClusters();
  // Settings lie in no cluster; the one that a person came from stays in sight.
  const shown = useRef(lastCluster(tabs));
  if (!isOwnPage(href)) shown.current = clusterOf(href);
  const clusterId = shown.current as ClusterId | undefined;
  const cluster = clusters?.find((one) => one.clusterId === clusterId);
  const there = useWhetherThere(clusterOf(href), clusters);
  const [palette, setPalette] = useState<string>();
  const [help, setHelp] = useState(false);
  useScheme(prefs.theme);
  useEffect(() => applyDensity(prefs.density), [prefs.density]);
  useJobNews();
  useNotices();

  const title = cluster ? safeWords(`${tabTitle(href).words}, ${cluster.name}, Headwater`) : "Headwater";
  useEffect(() => {
    document.title = title;
  }, [title]);

  const local = cluster?.kind === "local";
  const { clusterId: embeddedId, state: embeddedState } = clusters?.find((one) => one.kind === "local") ?? {};
  const embedded = useMemo(
    () => embeddedId && embeddedState && { clusterId: embeddedId, state: embeddedState },
    [embeddedId, embeddedState],
  );
  const refusal = writeRefusal(cluster);
  const groups = useMemo(
    () =>
      shellActions(clusterId, {
        local,
        embedded,
        refusal,
        palette: (text = "") => setPalette(text),
        help: () => setHelp(true),
      }),
    [clusterId, local, embedded, refusal],
  );
  const page = useRegisteredActions();
  useMenuBar(prefs.menuBar, groups, page);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (document.querySelector('[aria-modal="true"]')) return;
      if (moveInList(event)) return;
      if (matches(event, "Mod+A") && !isTyping(event.target)) {
        // All of the text that was clicked into, or all rows of a list; never the whole window.
        event.preventDefault();
        const picked = getSelection();
        const text = picked?.anchorNode?.parentElement?.closest("pre");
        if (text) picked?.selectAllChildren(text);
        else page.find((one) => one.shortcut === "Mod+A" && one.disabledReason === undefined)?.run();
        return;
      }
      const all = [...page, ...groups.flatMap((group) => group.actions)];
      const action = all.find((one) => one.shortcut && matches(event, one.shortcut));
      if (!action?.shortcut || action.disabledReason !== undefined) return;
      const plainKey = !/Mod|Alt/.test(action.shortcut);
      if (plainKey && isTyping(event.target)) return;
      event.preventDefault();
      action.run();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  }, [page, groups]);

  // Rows have their own menus; the browser's would offer to reload or save the page.
  useEffect(() => {
    const onMenu = (event: MouseEvent) => {
      if (!isTyping(event.target) && getSelection()?.isCollapsed !== false) event.preventDefault();
    };
    addEventListener("contextmenu", onMenu);
    return () => removeEventListener("contextmenu", onMenu);
  }, []);

  const navigation = useMemo(
    () => ({ href, returning: navigator.returning(), go: navigator.go, openTab: navigator.openTab }),
    [href],
  );
  const list = clusters ?? [];
  const lost = useSyncExternalStore(presence.watch, presence.get);
  return (
    <NavigationProvider value={navigation}>
      <ZoneProvider value={prefs.zone}>
        <div
          className={`app ${prefs.railNarrow ? "narrow" : ""} ${cluster?.environment === "prod" ? "prod" : ""}`}
        >
          <Rail href={href} clusters={list} cluster={cluster} prefs={prefs} />
          <main className={`main ${lost === undefined ? "" : "lost"}`}>
            <TabsLine
              state={tabs}
              clusterId={clusterId}
              welcome={list.length === 0}
              onFind={() => setPalette("")}
            />
            {lost !== undefined && <Lost since={lost} />}
            {/* A tab of its own state: another tab on the same address starts fresh. */}
            {there === "there" && <Outlet key={tabs.active} />}
            {there === "none" && clusterId && <NoCluster clusterId={clusterId} />}
          </main>
          <StatusBar cluster={cluster} any={list.length > 0} prefs={prefs} setPrefs={setPrefs} />
        </div>
        {palette !== undefined && (
          <Palette
            key={palette}
            begin={palette}
            groups={groups}
            clusters={list}
            cluster={cluster}
            onClose={() => setPalette(undefined)}
          />
        )}
        {help && <HelpSheet groups={groups} onClose={() => setHelp(false)} />}
        <Toasts />
      </ZoneProvider>
    </NavigationProvider>
  );
}

/** What went wrong at the start and was got over is said once. */
function useNotices() {
  const info = useCall("app.info", {});
  const notices = info.value?.notices;
  useEffect(() => {
    for (const words of notices ?? []) say({ words, bad: true, stays: true });
  }, [notices]);
}

function Lost({ since }: { since: number }) {
  const zone = useZone();
  return (
    <div className="note-line bad-bg" role="alert">
      <Glyph icon={IconBad} className="bad" />
      <span>
        <b>Headwater does not answer</b> since {clockTime(since, zone, false)}: its program has ended, or the
        connection to it broke. What stands here is from before. A program that was started anew has another
        address: open the one that it prints.
      </span>
    </div>
  );
}

function useScheme(choice: "light" | "dark" | "system") {
  const system = useColorScheme(undefined, { getInitialValueInEffect: false });
  const scheme = choice === "system" ? system : choice;
  const { setColorScheme } = useMantineColorScheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: Mantine gives another function at each render, and each call of it styles the whole page anew.
  useEffect(() => {
    applyScheme(scheme);
    setColorScheme(scheme);
  }, [scheme]);
}
