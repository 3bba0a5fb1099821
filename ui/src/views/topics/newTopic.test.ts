import { describe, expect, it } from "vitest";
import {
  changeOf,
  EMPTY,
  filledBy,
  firstProblem,
  formLike,
  inSyncOf,
  type NewTopic,
  problemsOf,
} from "./newTopic";
import { TEMPLATES } from "./templates";

const named = (part: Partial<NewTopic>): NewTopic => ({ ...EMPTY, name: "orders", ...part });

/** The settings that a form asks for, as lines. */
function settings(form: NewTopic, brokers = 3): string[] {
  const change = changeOf(form, brokers);
  return change.kind === "createTopic" ? change.configs.map(({ name, value }) => `${name}=${value}`) : [];
}

describe("a new topic", () => {
  it("leaves to the broker what nobody chose", () => {
    expect(changeOf(named({}), 3)).toMatchObject({ partitions: 3, replicationFactor: 3, configs: [] });
  });

  it.each([
    ["events", ["cleanup.policy=delete", "retention.ms=604800000", "min.insync.replicas=2"]],
    ["table", ["cleanup.policy=compact", "min.insync.replicas=2", "min.cleanable.dirty.ratio=0.1"]],
    [
      "queue",
      ["cleanup.policy=delete", "retention.ms=86400000", "min.insync.replicas=2", "segment.ms=3600000"],
    ],
    [
      "changes",
      [
        "cleanup.policy=compact,delete",
        "retention.ms=2419200000",
        "min.insync.replicas=2",
        "segment.ms=86400000",
      ],
    ],
    ["dead", ["cleanup.policy=delete", "retention.ms=7776000000", "min.insync.replicas=2"]],
  ])("asks for all that the template %s fills", (id, lines) => {
    expect(settings(named(filledBy(id)))).toEqual(lines);
  });

  it.each(TEMPLATES.map(({ id }) => id))(
    "made by the template %s is right on any number of brokers",
    (id) => {
      for (const brokers of [1, 2, 3, 9]) {
        const form = named(filledBy(id));
        expect(firstProblem(problemsOf(form, brokers))).toBeUndefined();
        const replicas = Math.min(3, brokers);
        expect(changeOf(form, brokers)).toMatchObject({ replicationFactor: replicas });
        expect(inSyncOf(form, brokers)).toBe(String(Math.max(1, replicas - 1)));
      }
    },
  );

  it("lets the replicas in sync follow the replicas until one is typed", () => {
    const form = named({ ...filledBy("events"), replicas: "2" });
    expect(inSyncOf(form, 3)).toBe("1");
    expect(inSyncOf({ ...form, inSync: "2" }, 3)).toBe("2");
    expect(inSyncOf({ ...form, inSync: "" }, 3)).toBe("");
    expect(problemsOf({ ...form, inSync: "3" }, 3).inSync).toBe("In sync is 1 to 2");
  });

  it("is as it was once no template is chosen", () => {
    expect(named({ ...filledBy("queue"), ...filledBy("") })).toEqual({ ...named({}), inSync: undefined });
  });

  it("leaves out a setting that was emptied, and says which one is wrong", () => {
    const form = named(filledBy("queue"));
    expect(settings({ ...form, settings: [{ name: "segment.ms", value: " " }] })).not.toContain("segment.ms");
    expect(problemsOf({ ...form, settings: [{ name: "segment.ms", value: "soon" }] }, 3).settings).toBe(
      "segment.ms: A whole number",
    );
  });

  it("that is a clone has the settings of the other, and no more", () => {
    const configs = [
      { name: "cleanup.policy", value: "compact" },
      { name: "retention.ms", value: "1000" },
      { name: "segment.ms", value: "60000" },
      { name: "min.insync.replicas", value: "1" },
    ];
    const form = formLike({ name: "orders", partitions: 4, replicationFactor: 2, configs });
    expect(form.name).toBe("orders.copy");
    expect(settings(form).sort()).toEqual(configs.map(({ name, value }) => `${name}=${value}`).sort());
    const plain = formLike({ name: "orders", partitions: 4, replicationFactor: 2, configs: [] });
    expect(changeOf(plain, 3)).toMatchObject({ partitions: 4, replicationFactor: 2, configs: [] });
  });
});
