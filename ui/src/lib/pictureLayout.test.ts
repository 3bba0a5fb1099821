import { describe, expect, it } from "vitest";
import { nameThatFits, placeMarks } from "./pictureLayout";

const data = (leader: number | null, isr: number[]) => ({
  brokers: [{ id: 1 }, { id: 2 }, { id: 3 }],
  partitions: [
    { topic: "orders", partition: 0, leader: 1, replicas: [1, 2, 3], isr: [1, 2, 3] },
    { topic: "orders", partition: 1, leader, replicas: [2, 3, 1], isr },
    { topic: "single", partition: 0, leader: 3, replicas: [3], isr: [3] },
  ],
});

describe("the cluster's picture", () => {
  it.each([
    [300, "Broker 1, controller"],
    [110, "Broker 1"],
    [40, "1"],
    [8, "1"],
  ])("says in a column of %d as much as fits", (width, name) =>
    expect(nameThatFits(["Broker 1, controller", "Broker 1", "1"], width)).toBe(name),
  );
  it("has a mark for every replica, and one leader a partition", () => {
    const { marks, rows } = placeMarks(data(2, [1, 2, 3]), 700);
    expect(marks).toHaveLength(7);
    expect(marks.filter((mark) => mark.kind === "leader").map((mark) => mark.broker)).toEqual([1, 2, 3]);
    expect(rows.map((row) => row.topic)).toEqual(["orders", "single"]);
  });
  it("moves no mark when a leader moves", () => {
    const before = placeMarks(data(2, [1, 2, 3]), 700).marks;
    const after = placeMarks(data(3, [1, 3]), 700).marks;
    expect(after.map(({ id, x, y }) => [id, x, y])).toEqual(before.map(({ id, x, y }) => [id, x, y]));
    expect(after.find((mark) => mark.id === "orders 1 2")?.kind).toBe("behind");
    expect(after.find((mark) => mark.id === "orders 1 3")?.kind).toBe("leader");
  });
  it("keeps marks apart and inside their columns, however narrow", () => {
    const many = {
      brokers: Array.from({ length: 9 }, (_, at) => ({ id: at + 1 })),
      partitions: Array.from({ length: 60 }, (_, partition) => ({
        topic: "wide",
        partition,
        leader: 1,
        replicas: [1, 9],
        isr: [1, 9],
      })),
    };
    const { marks, columns, height } = placeMarks(many, 480);
    expect(new Set(marks.map(({ x, y }) => `${x} ${y}`)).size).toBe(marks.length);
    for (const mark of marks) {
      const home = columns.find((column) => column.broker === mark.broker);
      expect(home && mark.x >= home.x && mark.x + 12 <= home.x + home.width && mark.y < height).toBe(true);
    }
  });
});
