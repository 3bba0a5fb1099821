// Which groups of the tree are open, as text of the address.
import type { Search } from "../../lib/search";

export interface Folds {
  isOpen: (prefix: string) => boolean;
  /** The search parameters after a group is opened or closed. */
  fold: (prefix: string, open: boolean) => Record<string, string | undefined>;
}

/** Every group is open. */
const ALL = "*";

/** What opens all groups, or closes them. */
export function foldAll(open: boolean): Record<string, string | undefined> {
  return { open: open ? ALL : undefined, shut: undefined };
}

/** Groups are closed until opened; in a filtered list they are open until closed. */
export function readFolds(search: Search, filtered: boolean): Folds {
  const everything = filtered || search.open === ALL;
  const [name, text] = everything ? ["shut", search.shut] : ["open", search.open];
  // A comma is in no topic's name.
  const listed = new Set((text ?? "").split(",").filter(Boolean));
  return {
    isOpen: (prefix) => listed.has(prefix) !== everything,
    fold(prefix, open) {
      const next = new Set(listed);
      if (open === everything) next.delete(prefix);
      else next.add(prefix);
      return { [name as string]: [...next].join(",") };
    },
  };
}
