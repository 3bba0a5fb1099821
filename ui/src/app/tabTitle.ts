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
  if (section === "brokers") return { words: name ? `Broker ${name}` : "Brokers", icon: IconBroker };
  if (section === "local") return { words: "Local", icon: IconLocal };
  if (section === "history") return { words: "History", icon: IconHistory };
  return { words: "Overview", icon: IconOverview };
}

export interface TabTitle {
  words: string;
  /** What tells it from another tab with the same words, " · config". */
  more: string;
  icon: IconType;
}

/** What tabs are called beside each other: where a name stands twice, what of it; then the cluster's name. */
export function tabTitles(
  hrefs: readonly string[],
  clusterName: (clusterId: string) => string | undefined,
): TabTitle[] {
  const titles = hrefs.map((href) => ({ ...tabTitle(href), more: "" }));
  const full = (title: TabTitle) => title.words + title.more;
  const twice = (words: string) => titles.filter((other) => full(other) === words).length > 1;
  const add = (more: (href: string) => string | undefined) => {
    const marks = titles.map((title, at) => (twice(full(title)) ? more(hrefs[at] ?? "") : undefined));
    for (const [at, title] of titles.entries()) if (marks[at]) title.more += ` · ${marks[at]}`;
  };
  add(partOf);
  const clusters = new Set(hrefs.map(clusterOf));
  if (clusters.size > 1) add((href) => clusterName(clusterOf(href) ?? ""));
  return titles;
}

/** Which part of a topic an address shows, or that it is a group. */
function partOf(href: string): string | undefined {
  const [path = "/"] = href.split("?");
  const [, , section, name, part] = path.split("/").filter(Boolean);
  if (name === undefined) return undefined;
  return section === "groups" ? "group" : part;
}

/** The program's own pages: one tab of each is enough, and they lie in no cluster. */
export function isOwnPage(href: string): boolean {
  return /^\/(settings|gallery)(?=[?/]|$)/.test(href);
}

/** The cluster an address lies in. */
export function clusterOf(href: string): string | undefined {
  const match = /^\/c\/([^/?]+)/.exec(href);
  return match?.[1] === undefined ? undefined : decodeURIComponent(match[1]);
}
