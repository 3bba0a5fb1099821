import { describe, expect, it } from "vitest";
import type { JournalEntry } from "../../ipc/bindings";
import { entryMatches, journalCsv, journalJson, resultWord } from "./journalText";

const entry = {
  journalId: "7",
  at: 0,
  clusterId: "1",
  who: "ann",
  title: "Create topic orders",
  class: "write",
  command: "kafka-topics.sh --create --topic orders",
  changes: [{ resource: "topic orders", after: "3 partitions", effect: "The topic is created" }],
  outcomes: [{ resource: "topic orders", state: "done" }],
  undoable: true,
} as unknown as JournalEntry;

describe("the journal as text", () => {
  it("is found by words of its title, command, changes and result, in any order", () => {
    for (const text of ["", "orders create", "ann", "--topic", "3 partitions", "DONE"])
      expect(entryMatches(entry, text), text).toBe(true);
    expect(entryMatches(entry, "orders payments")).toBe(false);
    expect(entryMatches({ ...entry, undoneBy: "8" as never }, "undone")).toBe(true);
  });
  it("says how it ended", () => {
    const outcome = (state: string) => ({ resource: "topic orders", state }) as never;
    expect(resultWord({ ...entry, outcomes: [outcome("failed"), outcome("done")] })).toBe("partly failed");
    expect(resultWord({ ...entry, outcomes: [outcome("failed")] })).toBe("failed");
  });
  it("has a line a change in CSV and keeps everything in JSON", () => {
    const [head, row] = journalCsv([entry]).trim().split("\r\n");
    expect(head?.split(",")).toHaveLength(13);
    expect(row).toBe(
      "1970-01-01T00:00:00.000Z,ann,Create topic orders,done,topic orders,,3 partitions,The topic is created,,kafka-topics.sh --create --topic orders,7,,",
    );
    expect(JSON.parse(journalJson([entry]))[0]).toMatchObject({
      journalId: "7",
      time: "1970-01-01T00:00:00.000Z",
    });
  });
});
