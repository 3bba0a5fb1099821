// Where the marks of the cluster's picture stand: a column a broker, a row a topic, a square a replica.
export const CELL = 12;
export const HEAD = 28;
export const LABEL = 148;
const GAP = 4;
const PAD = 8;
const ROW_PAD = 6;

/** A character of a column's name, at its usual width. */
const NAME_CHARACTER_PX = 6.6;

export interface PictureData {
  brokers: readonly { id: number }[];
  partitions: readonly {
    topic: string;
    partition: number;
    leader?: number | null;
    replicas: readonly number[];
    isr: readonly number[];
  }[];
}

export interface PlacedMark {
  id: string;
  topic: string;
  partition: number;
  broker: number;
  kind: "leader" | "follower" | "behind";
  x: number;
  y: number;
}

export interface PlacedPicture {
  height: number;
  columns: { broker: number; x: number; width: number }[];
  rows: { topic: string; y: number }[];
  marks: PlacedMark[];
}

/** Returns the first of the names, the fullest first, that fits a column of this width; else the last. */
export function nameThatFits(names: readonly string[], width: number): string {
  const fits = (name: string) => name.length * NAME_CHARACTER_PX <= width - 2 * PAD;
  return names.find(fits) ?? names.at(-1) ?? "";
}

/** Every partition keeps its place in every column, so that a leader is seen to move from one to another. */
export function placeMarks(data: PictureData, width: number): PlacedPicture {
  const column = Math.max(CELL + 2 * PAD, Math.floor((width - LABEL) / Math.max(1, data.brokers.length)));
  const columns = data.brokers.map((broker, at) => ({
    broker: broker.id,
    x: LABEL + at * column,
    width: column,
  }));
  const perLine = Math.max(1, Math.floor((column - 2 * PAD + GAP) / (CELL + GAP)));
  const topics = new Map<string, PictureData["partitions"][number][]>();
  for (const partition of data.partitions)
    topics.set(partition.topic, [...(topics.get(partition.topic) ?? []), partition]);
  const rows: PlacedPicture["rows"] = [];
  const marks: PlacedMark[] = [];
  let y = HEAD;
  for (const [topic, partitions] of topics) {
    rows.push({ topic, y });
    for (const [at, partition] of partitions.entries()) {
      for (const broker of partition.replicas) {
        const home = columns.find((one) => one.broker === broker);
        if (!home) continue;
        marks.push({
          id: `${topic} ${partition.partition} ${broker}`,
          topic,
          partition: partition.partition,
          broker,
          kind:
            partition.leader === broker ? "leader" : partition.isr.includes(broker) ? "follower" : "behind",
          x: home.x + PAD + (at % perLine) * (CELL + GAP),
          y: y + ROW_PAD + Math.floor(at / perLine) * (CELL + GAP),
        });
      }
    }
    const lines = Math.ceil(partitions.length / perLine);
    y += 2 * ROW_PAD + lines * (CELL + GAP) - GAP;
  }
  return { height: y + 1, columns, rows, marks };
}
