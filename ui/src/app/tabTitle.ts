import {
  IconBroker,
  IconCluster,
  IconConnect,
  IconGallery,
  IconGroup,
  IconHistory,
  IconLocal,
  IconOverview,
  IconSettings,
  IconTopic,
  IconTopics,
  type IconType,
} from "../components/icons";

/** What a tab is called, from its address alone. */
export function tabTitle(href: string): { words: string; icon: IconType } {
  const [path = "/"] = href.split("?");
  const [area, , section, name] = path.split("/").filter(Boolean).map(decodeURIComponent);
  if (area === "connect") return { words: "Connect", icon: IconConnect };
  if (area === "settings") return { words: "Settings", icon: IconSettings };
  if (area === "gallery") return { words: "Gallery", icon: IconGallery };
  if (area !== "c") return { words: "Clusters", icon: IconCluster };
  if (section === "topics")
    return name ? { words: name, icon: IconTopic } : { words: "Topics", icon: IconTopics };
  if (section === "groups") return { words: name ?? "Groups", icon: IconGroup };
  if (section === "brokers") return { words: "Brokers", icon: IconBroker };
  if (section === "local") return { words: "Local", icon: IconLocal };
  if (section === "history") return { words: "History", icon: IconHistory };
  return { words: "Overview", icon: IconOverview };
}

/** The cluster an address lies in. */
export function clusterOf(href: string): string | undefined {
  const match = /^\/c\/([^/?]+)/.exec(href);
  return match?.[1] === undefined ? undefined : decodeURIComponent(match[1]);
}
