import type { LocalSnapshot } from "../../ipc/bindings";
import { shellWord } from "../../lib/shell";

/** The first name that no snapshot has. */
export function freshName(snapshots: readonly LocalSnapshot[]): string {
  const taken = new Set(snapshots.map((one) => one.name.toLowerCase()));
  for (let number = 1; ; number += 1) {
    const name = `snapshot ${number}`;
    if (!taken.has(name)) return name;
  }
}

/** The command that begins another cluster, on free ports, with a copy of a snapshot. */
export function forkCommand(directory: string): string {
  return `headwater-cluster start --ephemeral --fork ${shellWord(directory)} --listen PLAINTEXT://localhost:0`;
}
