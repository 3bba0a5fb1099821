// Payloads are hostile text. Characters that hide, reorder or erase what stands beside them are
// shown by a visible stand-in, so that two different payloads never look alike.

export interface TextRun {
  text: string;
  /** Set when `text` stands for a character that would not be seen. */
  name?: string;
}

// C0 except tab and newline, DEL, C1, bidirectional controls, zero-width characters, BOM, line
// separators, variation tags.
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be found.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Splits text into plain runs and named stand-ins; newlines and tabs are kept. */
export function safeRuns(text: string): TextRun[] {
  const runs: TextRun[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > from) runs.push({ text: text.slice(from, match.index) });
    runs.push(standIn(match[0]));
    from = match.index + match[0].length;
  }
  if (from < text.length || runs.length === 0) runs.push({ text: text.slice(from) });
  return runs;
}

/** The same on one line, for cells: newline and tab become marks too. */
export function safeLine(text: string): TextRun[] {
  return safeRuns(text).flatMap((run) =>
    run.name
      ? [run]
      : run.text
          .split(/([\n\t])/)
          .filter((part) => part !== "")
          .map((part) =>
            part === "\n"
              ? { text: "↵", name: "line feed" }
              : part === "\t"
                ? { text: "⇥", name: "tab" }
                : { text: part },
          ),
  );
}

/** The same as plain words, for where no element can stand: a window's title, an accessible name, a sentence. */
export function safeWords(text: string): string {
  return safeLine(text)
    .map((run) => (run.name !== undefined && run.text === run.name ? `⟨${run.name}⟩` : run.text))
    .join("");
}

function standIn(char: string): TextRun {
  const code = char.codePointAt(0) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  // The control pictures block mirrors C0, and U+2421 is its delete.
  if (code < 0x20) return { text: String.fromCodePoint(0x2400 + code), name };
  if (code === 0x7f) return { text: "\u2421", name };
  return { text: name, name };
}
