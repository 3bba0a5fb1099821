// The sentence above the records, as search parameters of the address.
import type { Offset, ScanFrom } from "../../../ipc/bindings";
import type { Search } from "../../../lib/search";

export type FromKind = "newest" | "beginning" | "offset" | "time";

export interface ScanParams {
  from: ScanFrom;
  limit: number;
  live: boolean;
  partitions?: number[];
  contains?: string;
}

const LIMIT = 500;
export const LIMITS = ["100", "500", "5000", "50000"] as const;

export function readParams(search: Search): ScanParams {
  const limit = /^\d+$/.test(search.limit ?? "") ? Number(search.limit) : LIMIT;
  const partitions = readPartitions(search.partitions);
  return {
    from: readFrom(search, limit),
    limit,
    // A live tail is what a person wants to see first; only turning it off needs saying.
    live: search.live !== "0",
    ...(partitions ? { partitions } : {}),
    ...(search.q ? { contains: search.q } : {}),
  };
}

function readFrom(search: Search, limit: number): ScanFrom {
  const kind = search.from as FromKind | undefined;
  if (kind === "beginning") return { kind: "beginning" };
  if (kind === "offset")
    return { kind: "offset", offset: (/^\d+$/.test(search.offset ?? "") ? search.offset : "0") as Offset };
  if (kind === "time") return { kind: "time", at: Number(search.at ?? Date.now() - 3_600_000) };
  return { kind: "newest", n: limit };
}

/** Reads "0, 3-5"; undefined means all. */
export function readPartitions(text: string | undefined): number[] | undefined {
  if (!text || text.trim() === "" || text === "all") return undefined;
  const picked = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part);
    if (!match?.[1]) continue;
    const [low, high] = [Number(match[1]), Number(match[2] ?? match[1])];
    for (let at = low; at <= Math.min(high, low + 10_000); at++) picked.add(at);
  }
  return picked.size > 0 ? [...picked].sort((a, b) => a - b) : undefined;
}
