// What was seen last stays where a newer answer has nothing; it says as of when it is, and why there is no newer.

export interface Old {
  /** Milliseconds since the epoch. */
  asOf: number;
  /** Sentences, or one without its full stop. */
  why: string;
}

/** Returns the mark of a value, a cell or a row that is not of the newest answer. */
export function oldOf(thing: object | undefined | null): Old | undefined {
  return (thing as { old?: Old } | undefined | null)?.old;
}

export function asOld<T extends object>(thing: T, old: Old): T {
  return { ...thing, old };
}

/** Returns the oldest of some marks: what is made of several values is as old as that. */
export function oldest(marks: readonly (Old | undefined)[]): Old | undefined {
  return marks.reduce((a, b) => (a && b ? (a.asOf <= b.asOf ? a : b) : (a ?? b)), undefined);
}

/** Returns the text as a sentence: it ends with one full stop, and begins large unless with a name or an address. */
export function sentence(text: string): string {
  const trimmed = text.trim().replace(/[.\s]+$/, "");
  if (trimmed === "") return "";
  const ended = /[!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
  return /^[a-z]+[ ,]/.test(ended) ? ended.slice(0, 1).toUpperCase() + ended.slice(1) : ended;
}
