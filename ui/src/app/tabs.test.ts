import { describe, expect, it } from "vitest";
import {
  closed,
  hrefOf,
  lastCluster,
  newTab,
  opened,
  replaced,
  sound,
  stepped,
  type Tab,
  type TabsState,
  twin,
  visited,
} from "./tabs";

describe("tabs", () => {
  it("going somewhere forgets what lay ahead", () => {
    const tab = visited(visited(newTab("/a"), "/b"), "/c");
    const back = stepped(tab, -1);
    expect(back && hrefOf(back)).toBe("/b");
    expect(back && visited(back, "/d").hrefs).toEqual(["/a", "/b", "/d"]);
  });
  it("replacing keeps the history's length", () => {
    expect(replaced(visited(newTab("/a"), "/b"), "/b?q=1").hrefs).toEqual(["/a", "/b?q=1"]);
  });
  it("closing the active tab shows its neighbour, and the last one leaves home", () => {
    const [a, b] = [newTab("/a"), newTab("/b")];
    const state: TabsState = { tabs: [a, b], active: b.id };
    const after = closed(state, b.id);
    expect(after.active).toBe(a.id);
    expect(closed(after, a.id).tabs.map(hrefOf)).toEqual(["/"]);
  });
  it("an address whose view is open is shown there, with its search", () => {
    const [a, b] = [newTab("/c/1/topics"), newTab("/c/1/topics/orders/messages?from=beginning")];
    const state: TabsState = { tabs: [a, b], active: a.id };
    const same = opened(state, "/c/1/topics/orders/messages?record=0-5");
    expect([same.active, same.tabs.map(hrefOf)]).toEqual([
      b.id,
      ["/c/1/topics", "/c/1/topics/orders/messages?record=0-5"],
    ]);
    expect(opened(state, "/c/1/topics/orders/config").tabs).toHaveLength(3);
    const home = newTab("/");
    expect(opened({ tabs: [home], active: home.id }, "/c/1/topics").tabs.map(hrefOf)).toEqual([
      "/c/1/topics",
    ]);
  });
  it("of a page that one tab is enough for, the other tab is found", () => {
    const [a, b, c] = [newTab("/"), newTab("/connect?bootstrap=k:9092"), newTab("/c/1/topics")];
    const state: TabsState = { tabs: [a, b, c], active: a.id };
    expect(twin(state, "/connect")?.id).toBe(b.id);
    expect(twin({ ...state, active: b.id }, "/connect?bootstrap=other:9092")).toBeUndefined();
    expect(twin(state, "/c/1/topics")).toBeUndefined();
    expect(twin(state, "/settings?licences=1")).toBeUndefined();
  });
  it("the program's own pages stand beside the cluster that was shown before them", () => {
    const last = (...tabs: Tab[]) => lastCluster({ tabs, active: tabs.at(-1)?.id ?? "" });
    const tab = visited(visited(newTab("/c/7/topics"), "/settings"), "/settings?licences=1");
    expect(last(tab)).toBe("7");
    expect(last(newTab("/c/8/topics"), visited(visited(tab, "/"), "/gallery"))).toBeUndefined();
    expect(last(newTab("/settings"))).toBeUndefined();
    expect(last(newTab("/c/8/topics"), tab, newTab("/settings"))).toBe("7");
  });
  it("a broken stored state becomes a usable one", () => {
    expect(sound({ tabs: "x", active: 3 } as unknown as TabsState).tabs).toHaveLength(1);
  });
});
