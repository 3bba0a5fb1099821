import { expect, test } from "vitest";
import { menuGroups } from "./useMenuBar";

test("the menu bar has the actions of the table, with the keys that take nothing from typing", () => {
  const run = () => undefined;
  const groups = [
    { title: "Go", actions: [{ id: "go.home", label: "Go to clusters", shortcut: "Alt+0", run }] },
    { title: "In this cluster", actions: [] },
    {
      title: "Window",
      actions: [
        { id: "palette", label: "Search or run", shortcut: "Mod+K", run },
        { id: "help", label: "Keyboard shortcuts", shortcut: "?", run },
      ],
    },
  ];
  const page = [{ id: "topic.delete", label: "Delete topic…", disabledReason: "read-only", run }];
  expect(menuGroups(groups, page)).toEqual([
    { title: "Go", items: [{ id: "go.home", label: "Go to clusters", accelerator: "Alt+0", enabled: true }] },
    {
      title: "Window",
      items: [
        { id: "palette", label: "Search or run", accelerator: "CmdOrCtrl+K", enabled: true },
        { id: "help", label: "Keyboard shortcuts", accelerator: undefined, enabled: true },
      ],
    },
    {
      title: "Page",
      items: [{ id: "topic.delete", label: "Delete topic…", accelerator: undefined, enabled: false }],
    },
  ]);
});
