// Which of the things that fit what was typed is meant most likely.

export interface Ranked {
  label: string;
  /** It is opened by its name: a topic, a group, a cluster, a place. */
  named: boolean;
}

const [NAME_BEGINS, WORDS_BEGIN, WITHIN] = [0, 2, 4] as const;

/** Returns the place of one thing; the lowest comes first. Undefined where it does not fit at all. */
export function paletteRank({ label, named }: Ranked, typed: string): number | undefined {
  const text = typed.trim().toLowerCase();
  const words = text.split(/\s+/).filter(Boolean);
  const lower = label.toLowerCase();
  if (!words.every((word) => lower.includes(word))) return undefined;
  // A picture of a chart is seldom what a name was typed for.
  const saves = lower.startsWith("save as ") ? 1 : 0;
  if (words.length === 0) return 0;
  if (named && placeName(lower).startsWith(text)) return NAME_BEGINS;
  const parts = lower.split(/[^\p{L}\p{N}]+/u);
  const begin = words.every((word) => lower.startsWith(word) || parts.some((part) => part.startsWith(word)));
  return (begin ? WORDS_BEGIN : WITHIN) + saves;
}

/** "Go to topics" is the place "topics". */
function placeName(label: string): string {
  return label.replace(/^go to (the )?/, "");
}
