// The desktop's menu bar shows the same table of actions as the palette and the help sheet.
import { useEffect, useRef } from "react";
import type { Action } from "../components/pageActions";
import type { MenuGroup } from "../host/host";
import { host } from "../ipc/current";
import { isMac } from "../lib/keys";
import type { ActionGroup } from "./actions";

/** Keys that the menu may show: plain letters would be taken from whoever types. */
function acceleratorOf(shortcut: string | undefined): string | undefined {
  if (!shortcut || !/^(Mod|Alt)\+/.test(shortcut)) return undefined;
  return shortcut.replace("Mod", "CmdOrCtrl");
}

export function menuGroups(groups: readonly ActionGroup[], page: readonly Action[]): MenuGroup[] {
  const all = [...groups, { title: "Page", actions: page }];
  return all
    .filter((group) => group.actions.length > 0)
    .map((group) => ({
      title: group.title,
      items: group.actions.map((action) => ({
        id: action.id,
        label: action.label,
        accelerator: acceleratorOf(action.shortcut),
        enabled: action.disabledReason === undefined,
      })),
    }));
}

/** Shows the menu bar where the system has one for every program, or the person wants it. */
export function useMenuBar(wanted: boolean, groups: readonly ActionGroup[], page: readonly Action[]) {
  const latest = useRef({ groups, page });
  latest.current = { groups, page };
  const shown = isMac || wanted ? JSON.stringify(menuGroups(groups, page)) : "[]";
  const before = useRef("[]");
  useEffect(() => {
    if (shown === before.current) return;
    before.current = shown;
    host().menu?.(JSON.parse(shown) as MenuGroup[], (id) => {
      const now = latest.current;
      const all = [...now.page, ...now.groups.flatMap((group) => group.actions)];
      const action = all.find((one) => one.id === id);
      if (action && action.disabledReason === undefined) action.run();
    });
  }, [shown]);
}
