// Colours for JSON that arrives already pretty-printed. The text is never parsed into values, so a
// number of any size keeps its digits.

export type JsonTokenKind = "key" | "string" | "number" | "atom" | "plain";
export interface JsonToken {
  kind: JsonTokenKind;
  text: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g;

/** Returns the tokens of one line; a line holds whole tokens because pretty JSON never breaks a string. */
export function jsonTokens(line: string): JsonToken[] {
  const tokens: JsonToken[] = [];
  let from = 0;
  for (const match of line.matchAll(TOKEN)) {
    if (match.index > from) tokens.push({ kind: "plain", text: line.slice(from, match.index) });
    tokens.push({ kind: kindOf(match[0], match[1]), text: match[0] });
    from = match.index + match[0].length;
  }
  if (from < line.length) tokens.push({ kind: "plain", text: line.slice(from) });
  return tokens;
}

function kindOf(text: string, colon: string | undefined): JsonTokenKind {
  if (text.startsWith('"')) return colon === undefined ? "string" : "key";
  return /^[-\d]/.test(text) ? "number" : "atom";
}

const INDENT = 2;
const DEPTH_DRAWN_MAX = 12;

/** Returns how far in a line of pretty JSON stands, and its depth where that is too deep to draw. */
export function jsonIndent(line: string): { columns: number; depth: number | undefined } {
  const depth = Math.floor((line.length - line.trimStart().length) / INDENT);
  return depth <= DEPTH_DRAWN_MAX
    ? { columns: depth * INDENT, depth: undefined }
    : { columns: DEPTH_DRAWN_MAX * INDENT, depth };
}
