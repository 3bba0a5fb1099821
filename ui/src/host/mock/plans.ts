// Plans and the journal.
import type { JournalEntry, JournalId, Plan, PlanId } from "../../ipc/bindings";
import { LOCAL, UNREACHABLE } from "./clusters";
import { NOW } from "./scenario";

interface MockChange {
  kind: string;
  name?: string;
  changes?: MockChange[];
}

export function plan(change: MockChange): Plan {
  if (change.changes) return severalPlan(change.changes);
  const name = change.name ?? "orders";
  if (change.kind === "deleteTopic") {
    return {
      planId: "p1" as PlanId,
      class: "destructive",
      title: `Delete topic ${name}`,
      button: `Delete topic ${name}`,
      changes: [
        { resource: `topic ${name}`, before: "6 partitions", effect: "deleted with all its records" },
      ],
      impact: [
        "18,204,621 offsets and 2.4 MB are lost",
        "2 groups read it: fulfilment, analytics",
        "Last record 1 s ago: it is in use",
      ],
      command: `kafka-topics.sh --bootstrap-server localhost:9092 --delete --topic ${name}`,
      confirm: name,
    };
  }
  return {
    planId: "p2" as PlanId,
    class: "write",
    title: `Create topic ${name}`,
    button: `Create topic ${name}`,
    changes: [
      {
        resource: `topic ${name}`,
        after: "3 partitions, 3 replicas",
        effect: "created",
        undo: "Undo deletes the topic while it is empty.",
      },
    ],
    impact: [],
    command: `kafka-topics.sh --bootstrap-server localhost:9092 --create --topic ${name} --partitions 3 --replication-factor 3`,
  };
}

/** One topic of many is always left out, so that its line can be looked at. */
function severalPlan(changes: MockChange[]): Plan {
  const first = plan(changes[0] ?? { kind: "deleteTopic" });
  const count = `${changes.length - 1} topics`;
  const verb = first.class === "destructive" ? "Delete" : "Change";
  return {
    ...first,
    planId: "p3" as PlanId,
    title: `${verb} ${count}`,
    button: `${verb} ${count}`,
    changes: changes.map(({ name }, at) => ({
      resource: `topic ${name}`,
      before: at === 1 ? undefined : "6 partitions, replication 3",
      effect:
        at === 1 ? "left out: It is one of Kafka's own topics." : "The topic and its records are deleted",
      leftOut: at === 1,
      undo: "Undoing it makes empty topics with the same settings; the records stay gone.",
    })),
    impact: [
      "Together a span of 18,204,621 offsets is lost for ever.",
      "1 topic is left out; the lines say why.",
    ],
    command: changes.map((one) => plan(one).command).join("\n"),
    confirm: first.confirm && count,
  };
}

export function journal(): JournalEntry[] {
  const entry = (id: string, title: string, rest: Partial<JournalEntry>): JournalEntry => ({
    journalId: id as JournalId,
    who: "ann",
    at: NOW - 60_000,
    clusterId: LOCAL,
    title,
    class: "write",
    command:
      "kafka-topics.sh --bootstrap-server localhost:9092 --create --topic orders --partitions 6 --replication-factor 3",
    changes: [
      { resource: "topic orders", after: "6 partitions, 3 replicas", effect: "created", undo: "delete it" },
    ],
    outcomes: [{ resource: "topic orders", state: "done" }],
    undoable: true,
    ...rest,
  });
  return [
    entry("j5", "Undo: Create topic returns", {
      class: "destructive",
      undoable: false,
      undoes: "j4" as JournalId,
      changes: [
        { resource: "topic returns", before: "3 partitions, replication 3", effect: "The topic is deleted" },
      ],
    }),
    entry("j4", "Create topic returns", {
      at: NOW - 120_000,
      undoable: false,
      undoneBy: "j5" as JournalId,
    }),
    entry("j3", "Create topic orders", { at: NOW - 180_000 }),
    entry("j2", "Add partitions to payments", {
      at: NOW - 3_600_000,
      undoable: false,
      outcomes: [{ resource: "topic payments", state: "failed", error: UNREACHABLE }],
    }),
    entry("j1", "Delete topic scratch", { at: NOW - 90_000_000, class: "destructive", undoable: false }),
  ];
}
