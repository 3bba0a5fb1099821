import { describe, expect, it } from "vitest";
import { known } from "../../components/cells";
import { byNumber, byText } from "../../components/grid/columns";
import type { TopicRow } from "../../ipc/bindings";
import { foldAll, readFolds } from "./folds";
import { type Split, treeLines } from "./tree";

function topic(name: string, partitions = 1, rest: Partial<TopicRow> = {}): TopicRow {
  const cell = known(partitions);
  return {
    name,
    internal: false,
    partitions,
    replicationFactor: 1,
    underReplicated: 0,
    offline: 0,
    records: cell,
    ratePerSec: cell,
    logBytes: cell,
    lastRecordAt: cell,
    groups: known([]),
    cleanup: known("delete"),
    retentionMs: cell,
    ...rest,
  };
}

const byName = byText<TopicRow>((one) => one.name);

function tree(
  names: string,
  split: Split = "dot",
  isOpen: (prefix: string) => boolean = () => true,
): string[] {
  const topics = names.split(" ").map((name) => topic(name));
  return treeLines(topics, { split, isOpen, order: byName }).map(
    ({ level, group, key }) =>
      `${" ".repeat(level - 1)}${group ? `${group.label} ${group.topics.length}` : key}`,
  );
}

describe("the tree of topics", () => {
  it("has a group for each beginning that several share", () => {
    expect(tree("orders.eu.a orders.eu.b orders.us.a orders.us.b orders.all payments")).toEqual([
      "orders. 5",
      " orders.all",
      " eu. 2",
      "  orders.eu.a",
      "  orders.eu.b",
      " us. 2",
      "  orders.us.a",
      "  orders.us.b",
      "payments",
    ]);
  });

  it("hides no name in a group of one, and goes down a lone path in one step", () => {
    expect(tree("shop.eu.a shop.eu.b orders orders.dlq")).toEqual([
      "orders",
      "orders.dlq",
      "shop.eu. 2",
      " shop.eu.a",
      " shop.eu.b",
    ]);
  });

  it("splits by what was chosen; separators in a row are one, and one at the end is none", () => {
    expect(tree("a-b.x a-b.y", "dash")).toEqual(["a- 2", " a-b.x", " a-b.y"]);
    expect(tree("a-b.x a-c.y", "any")).toEqual(["a- 2", " a-b.x", " a-c.y"]);
    expect(tree("__offsets __state", "underscore")).toEqual(["__ 2", " __offsets", " __state"]);
    expect(tree("a. b.", "dot")).toEqual(["a.", "b."]);
    expect(tree("a..b a..c", "dot")).toEqual(["a.. 2", " a..b", " a..c"]);
  });

  it("builds only what is open", () => {
    expect(tree("a.x.1 a.x.2 a.y b", "dot", () => false)).toEqual(["a. 3", "b"]);
    expect(tree("a.x.1 a.x.2 a.y b", "dot", (prefix) => prefix === "a.")).toEqual([
      "a. 3",
      " x. 2",
      " a.y",
      "b",
    ]);
  });

  it("sums what is known of all, and orders groups by their sums", () => {
    const topics = [topic("a.1", 2), topic("a.2", 3), topic("b", 4), topic("c.1", 1), topic("c.2", 1)];
    const lines = treeLines(topics, {
      split: "dot",
      isOpen: () => false,
      order: (one, other) => byNumber<TopicRow>((row) => row.partitions)(other, one),
    });
    expect(lines.map((line) => [line.key, line.topic.partitions])).toEqual([
      ["group a.", 5],
      ["b", 4],
      ["group c.", 2],
    ]);
    const half = [topic("a.1", 2), topic("a.2", 3, { records: { state: "unavailable", reason: "x" } })];
    const [sum] = treeLines(half, { split: "dot", isOpen: () => false, order: byName });
    expect(sum?.topic.records).toEqual({ state: "unavailable", reason: "not known of 1 topic" });
    expect(sum?.topic.ratePerSec).toEqual(known(5));
    expect(sum?.topic.lastRecordAt).toEqual(known(3));
  });

  it("takes ten thousand topics in well under a frame's patience", () => {
    const topics = Array.from({ length: 10_000 }, (_, at) => topic(`shop.${at % 7}.${at % 131}.t${at}`));
    const begun = performance.now();
    const lines = treeLines(topics, { split: "dot", isOpen: () => true, order: byName });
    expect(lines.filter((line) => !line.group)).toHaveLength(10_000);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});

describe("folds", () => {
  it("are closed until opened, and live in the address", () => {
    const none = readFolds({}, false);
    expect(none.isOpen("a.")).toBe(false);
    expect(none.fold("a.", true)).toEqual({ open: "a." });
    const one = readFolds({ open: "a.,b." }, false);
    expect([one.isOpen("a."), one.isOpen("c.")]).toEqual([true, false]);
    expect(one.fold("a.", false)).toEqual({ open: "b." });
  });

  it("are open in a filtered list, and when all were opened, until closed", () => {
    const filtered = readFolds({ open: "a." }, true);
    expect(filtered.isOpen("z.")).toBe(true);
    expect(filtered.fold("z.", false)).toEqual({ shut: "z." });
    const all = readFolds({ ...(foldAll(true) as { open: string }), shut: "z." }, false);
    expect([all.isOpen("a."), all.isOpen("z.")]).toEqual([true, false]);
    expect(all.fold("z.", true)).toEqual({ shut: "" });
  });
});
