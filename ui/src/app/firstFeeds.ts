// What a page that is loaded will watch. It is asked for before the page is drawn: of a large cluster the
// answer takes longer than the drawing.
import type { ClusterId } from "../ipc/bindings";
import { openEarly } from "../ipc/feed";

export function openFirstFeeds(path: string) {
  openEarly("clusters", {});
  const clusterId = /^\/c\/(\w+)\/topics\/?$/.exec(path)?.[1];
  if (clusterId) openEarly("topics", { clusterId: clusterId as ClusterId });
}
