import { describe, expect, it } from "vitest";
import { closed, hrefOf, newTab, replaced, sound, stepped, type TabsState, visited } from "./tabs";

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
  it("a broken stored state becomes a usable one", () => {
    expect(sound({ tabs: "x", active: 3 } as unknown as TabsState).tabs).toHaveLength(1);
  });
});
