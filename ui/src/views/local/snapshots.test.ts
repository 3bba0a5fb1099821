import { expect, test } from "vitest";
import type { LocalSnapshot } from "../../ipc/bindings";
import { forkCommand, freshName } from "./snapshots";

const named = (name: string): LocalSnapshot => ({ name, directory: `/s/${name}`, bytes: 1, brokers: 3 });

test("a name is suggested that no snapshot has", () => {
  expect(freshName([])).toBe("snapshot 1");
  expect(freshName([named("Snapshot 1"), named("snapshot 3")])).toBe("snapshot 2");
});

test("a folder stands in the command as a shell takes it", () => {
  expect(forkCommand("/home/a/s-1")).toContain("--fork /home/a/s-1 ");
  expect(forkCommand("/home/a b/it's")).toContain(String.raw`--fork '/home/a b/it'\''s' `);
});
