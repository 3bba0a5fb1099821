import { copyAndSay } from "../../components/CopyButton";
import {
  IconAdd,
  IconClone,
  IconCopy,
  IconDelete,
  IconErase,
  IconPin,
  IconTopic,
} from "../../components/icons";
import type { MenuEntries } from "../../components/Menu";
import type { Change, TopicRow } from "../../ipc/bindings";
import type { Doing } from "./TopicDialogs";

export interface TopicMenu {
  pinned: boolean;
  refusal: string | undefined;
  open: (newTab: boolean) => void;
  pin: () => void;
  clone: () => void;
  onDoing: (doing: Doing) => void;
  onChange: (change: Change) => void;
}

/** What the menu of a topic's row offers. */
export function topicMenu(topic: TopicRow, menu: TopicMenu): MenuEntries {
  const disabledReason = menu.refusal;
  return [
    { label: "Open", icon: IconTopic, run: () => menu.open(false) },
    { label: "Open in a tab", run: () => menu.open(true) },
    { label: "Copy name", icon: IconCopy, run: () => void copyAndSay(topic.name, "Name") },
    { label: menu.pinned ? "Unpin" : "Pin", icon: IconPin, run: menu.pin },
    "line",
    { label: "Clone…", icon: IconClone, disabledReason, run: menu.clone },
    {
      label: "Add partitions…",
      icon: IconAdd,
      disabledReason,
      run: () => menu.onDoing({ kind: "add", topic }),
    },
    {
      label: "Empty topic…",
      icon: IconErase,
      danger: true,
      disabledReason,
      run: () => menu.onDoing({ kind: "empty", topics: [topic.name] }),
    },
    {
      label: "Delete topic…",
      icon: IconDelete,
      danger: true,
      disabledReason,
      run: () => menu.onChange({ kind: "deleteTopic", name: topic.name }),
    },
  ];
}
