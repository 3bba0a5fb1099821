import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Host, HostError } from "../host/host";
import { setHost } from "./current";
import { Persisted } from "./persisted";
import { prefs } from "./prefs";

const said = vi.hoisted(() => [] as string[]);
vi.mock("../components/Toasts", () => ({ say: ({ words }: { words: string }) => said.push(words) }));

/** A host that has this text stored, and a disk with room or without. */
function stores(text: string | null, room: () => boolean = () => true) {
  const rpc = async (name: string) => {
    if (name === "state.get") return { ok: { value: text } };
    if (room()) return { ok: {} };
    const full = { what: "Not stored", why: "The disk is full.", remedies: [], at: {}, retriable: false };
    throw new HostError(full);
  };
  setHost({ rpc } as unknown as Host);
}

describe("what the window remembers", () => {
  beforeEach(() => {
    said.length = 0;
    vi.useFakeTimers();
  });

  it("takes nothing of another kind than it keeps", async () => {
    const wrong = {
      theme: "dark",
      density: null,
      railNarrow: "yes",
      hidden: 5,
      tried: "x",
      views: { topics: [null, { name: "mine", href: "/c/1/topics" }, { name: 7 }], groups: "none" },
      pins: { "1": null, "2": [{ kind: "topic", name: "orders" }, "orders"] },
    };
    stores(JSON.stringify(wrong));
    await prefs.load();
    const { theme, density, railNarrow, hidden, tried, views, pins } = prefs.get();
    expect([theme, density, railNarrow, hidden, tried]).toEqual(["dark", "compact", false, {}, []]);
    expect(views).toEqual({ topics: [{ name: "mine", href: "/c/1/topics" }] });
    expect(pins).toEqual({ "2": [{ kind: "topic", name: "orders" }] });
  });

  it("says once that it is not kept, and again when it was kept meanwhile", async () => {
    let room = false;
    stores(null, () => room);
    const store = new Persisted("test", { n: 0 });
    const change = async (n: number) => {
      store.set({ n });
      await vi.runAllTimersAsync();
    };
    await change(1);
    await change(2);
    expect(said).toEqual(["What you change here is not kept: The disk is full."]);
    room = true;
    await change(3);
    room = false;
    await change(4);
    expect(said).toHaveLength(2);
  });
});
