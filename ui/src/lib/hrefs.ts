// Addresses of every screen, written once.
export type TopicView = "messages" | "partitions" | "groups" | "config";

const part = encodeURIComponent;

export const hrefs = {
  home: () => "/",
  connect: (bootstrap?: string) => (bootstrap ? `/connect?bootstrap=${part(bootstrap)}` : "/connect"),
  settings: () => "/settings",
  gallery: () => "/gallery",
  overview: (cluster: string) => `/c/${part(cluster)}/overview`,
  topics: (cluster: string, search = "") => `/c/${part(cluster)}/topics${search}`,
  topic: (cluster: string, topic: string, view: TopicView = "messages", search = "") =>
    `/c/${part(cluster)}/topics/${part(topic)}/${view}${search}`,
  groups: (cluster: string, search = "") => `/c/${part(cluster)}/groups${search}`,
  group: (cluster: string, group: string) => `/c/${part(cluster)}/groups/${part(group)}`,
  brokers: (cluster: string) => `/c/${part(cluster)}/brokers`,
  broker: (cluster: string, broker: number) => `/c/${part(cluster)}/brokers/${broker}`,
  local: (cluster: string, search = "") => `/c/${part(cluster)}/local${search}`,
  history: (cluster: string) => `/c/${part(cluster)}/history`,
};

/** Changes search parameters of an address; undefined and "" remove one. */
export function withSearch(href: string, patch: Record<string, string | undefined>): string {
  const [path = "/", query = ""] = href.split("?");
  const search = new URLSearchParams(query);
  for (const [name, value] of Object.entries(patch)) {
    if (value === undefined || value === "") search.delete(name);
    else search.set(name, value);
  }
  const text = search.toString();
  return text === "" ? path : `${path}?${text}`;
}
