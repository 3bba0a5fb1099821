// The action table: palette, shortcuts, menus and the help sheet all read this one list.
import {
  IconAdd,
  IconBroker,
  IconClock,
  IconClose,
  IconCluster,
  IconCollapse,
  IconConnect,
  IconDelete,
  IconFind,
  IconGroup,
  IconHistory,
  IconInfo,
  IconKeyboard,
  IconLocal,
  IconOverview,
  IconPlay,
  IconProduce,
  IconSave,
  IconSettings,
  IconStop,
  IconTheme,
  IconTopics,
} from "../components/icons";
import type { Action } from "../components/pageActions";
import type { ClusterId, ClusterSummary } from "../ipc/bindings";
import { call } from "../ipc/call";
import { sayFailed } from "../ipc/failed";
import { prefs, type ThemeChoice } from "../ipc/prefs";
import { hrefs } from "../lib/hrefs";
import { navigator } from "./navigator";
import { tabsStore } from "./tabs";

export interface ActionGroup {
  title: string;
  actions: readonly Action[];
}

export interface ShellControls {
  /** The open cluster is the local one. */
  local: boolean;
  /** The local cluster, wherever one is. */
  embedded: Pick<ClusterSummary, "clusterId" | "state"> | undefined;
  /** Why the open cluster takes no changes. */
  refusal: string | undefined;
  /** Opens the palette, with words to begin with. */
  palette: (words?: string) => void;
  help: () => void;
}

/** What is done to topics, from wherever one is. */
function topicActions(clusterId: ClusterId | undefined, { refusal, palette }: ShellControls): Action[] {
  if (clusterId === undefined) return [];
  return [
    {
      // The list of topics has the same action under the same name, and it is offered once.
      id: "topic.create",
      label: "Create topic…",
      icon: IconAdd,
      disabledReason: refusal,
      run: () => navigator.go(hrefs.topics(clusterId, "?create=1")),
    },
    {
      id: "topic.template",
      label: "Create topic from a template…",
      icon: IconAdd,
      disabledReason: refusal,
      run: () => navigator.go(hrefs.topics(clusterId, "?create=template")),
    },
    {
      id: "topic.produce",
      label: "Produce to topic…",
      icon: IconProduce,
      disabledReason: refusal,
      run: () => palette("produce "),
    },
  ];
}

/** What is done to the local cluster as a whole; its own pages have the same under the same names. */
function localActions({ embedded }: ShellControls): Action[] {
  if (!embedded) return [];
  const { clusterId, state } = embedded;
  const run = (op: "local.start" | "local.stop") => () => void call(op, {}).catch(sayFailed);
  const other: Action =
    state === "stopped"
      ? { id: "local.start", label: "Start the local cluster", icon: IconPlay, run: run("local.start") }
      : {
          id: "local.stop",
          label: "Stop the local cluster",
          icon: IconStop,
          harm: true,
          run: run("local.stop"),
        };
  return [
    other,
    {
      id: "local.reset",
      label: "Reset the local cluster",
      icon: IconDelete,
      harm: true,
      run: () => navigator.go(hrefs.local(clusterId, "?reset=1")),
    },
  ];
}

export function shellActions(clusterId: ClusterId | undefined, controls: ShellControls): ActionGroup[] {
  const { local } = controls;
  const go = (href: string) => () => navigator.go(href);
  const theme = (choice: ThemeChoice) => () => prefs.set({ theme: choice });
  const inCluster: Action[] =
    clusterId === undefined
      ? []
      : [
          {
            id: "go.overview",
            label: "Go to overview",
            icon: IconOverview,
            shortcut: "Alt+1",
            run: go(hrefs.overview(clusterId)),
          },
          {
            id: "go.topics",
            label: "Go to topics",
            icon: IconTopics,
            shortcut: "Alt+2",
            run: go(hrefs.topics(clusterId)),
          },
          {
            id: "go.groups",
            label: "Go to groups",
            icon: IconGroup,
            shortcut: "Alt+3",
            run: go(hrefs.groups(clusterId)),
          },
          {
            id: "go.brokers",
            label: "Go to brokers",
            icon: IconBroker,
            shortcut: "Alt+4",
            run: go(hrefs.brokers(clusterId)),
          },
          ...(local
            ? [
                {
                  id: "go.local",
                  label: "Go to the local cluster's panel",
                  icon: IconLocal,
                  shortcut: "Alt+6",
                  run: go(hrefs.local(clusterId)),
                },
              ]
            : []),
          {
            id: "go.history",
            label: "Go to history",
            icon: IconHistory,
            shortcut: "Alt+5",
            run: go(hrefs.history(clusterId)),
          },
        ];
  return [
    {
      title: "Go",
      actions: [
        {
          id: "go.home",
          label: "Go to clusters",
          icon: IconCluster,
          shortcut: "Alt+0",
          run: go(hrefs.home()),
        },
        ...inCluster,
        { id: "go.connect", label: "Connect to Kafka", icon: IconConnect, run: go(hrefs.connect()) },
        {
          id: "go.settings",
          label: "Settings",
          icon: IconSettings,
          shortcut: "Mod+,",
          run: go(hrefs.settings()),
        },
        { id: "go.back", label: "Back", shortcut: "Alt+ArrowLeft", run: () => navigator.step(-1) },
        { id: "go.forward", label: "Forward", shortcut: "Alt+ArrowRight", run: () => navigator.step(1) },
      ],
    },
    { title: "In this cluster", actions: topicActions(clusterId, controls) },
    { title: "Local cluster", actions: localActions(controls) },
    {
      title: "Tabs",
      actions: [
        {
          id: "tab.new",
          label: "New tab",
          icon: IconAdd,
          shortcut: "Alt+N",
          run: () => navigator.addTab(clusterId ? hrefs.topics(clusterId) : "/"),
        },
        {
          id: "tab.close",
          label: "Close tab",
          icon: IconClose,
          shortcut: "Alt+W",
          run: () => navigator.closeTab(tabsStore.get().active),
        },
        { id: "tab.next", label: "Next tab", shortcut: "Alt+PageDown", run: () => navigator.cycle(1) },
        { id: "tab.previous", label: "Previous tab", shortcut: "Alt+PageUp", run: () => navigator.cycle(-1) },
      ],
    },
    {
      title: "Window",
      actions: [
        {
          id: "palette",
          label: "Search or run",
          icon: IconFind,
          shortcut: "Mod+K",
          run: () => controls.palette(),
        },
        { id: "help", label: "Keyboard shortcuts", icon: IconKeyboard, shortcut: "?", run: controls.help },
        {
          id: "rail",
          label: "Narrow or widen the rail",
          icon: IconCollapse,
          shortcut: "Mod+B",
          run: () => prefs.set({ railNarrow: !prefs.get().railNarrow }),
        },
        { id: "theme.light", label: "Light theme", icon: IconTheme, run: theme("light") },
        { id: "theme.dark", label: "Dark theme", icon: IconTheme, run: theme("dark") },
        { id: "theme.system", label: "Theme of the system", icon: IconTheme, run: theme("system") },
        {
          id: "density",
          label: "Switch between compact and comfortable rows",
          icon: IconTheme,
          run: () => prefs.set({ density: prefs.get().density === "compact" ? "comfortable" : "compact" }),
        },
        { id: "licences", label: "Show licences", icon: IconInfo, run: go(`${hrefs.settings()}?licences=1`) },
        {
          id: "report",
          label: "Make a support report",
          icon: IconSave,
          run: go(`${hrefs.settings()}?report=1`),
        },
        {
          id: "zone",
          label: "Switch between local time and UTC",
          icon: IconClock,
          run: () => prefs.set({ zone: prefs.get().zone === "utc" ? "local" : "utc" }),
        },
      ],
    },
  ];
}
