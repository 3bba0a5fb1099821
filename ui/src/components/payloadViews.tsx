// A payload as text, as JSON with colours, and as bytes.
import { type CSSProperties, memo, type ReactNode } from "react";
import { hexRows } from "../lib/hexRows";
import { jsonIndent, jsonTokens } from "../lib/jsonTokens";
import { SafeText } from "./text";

const LINES_MAX = 4000;
const HEX_ROWS_MAX = 4096;
const HEX_ROW_CHARS = 16;
/** What of a payload is put into the page; the browser lays out no more without a pause that is felt. */
const CHARS_SHOWN_MAX = 128_000;
/** How many bytes the hexadecimal view shows. */
export const HEX_BYTES_SHOWN_MAX = (HEX_ROWS_MAX * HEX_ROW_CHARS) / 2;

/** The piece of a text that is shown; its last character is whole. */
export function shownPiece(text: string): string {
  if (text.length <= CHARS_SHOWN_MAX) return text;
  const half = /[\uD800-\uDBFF]/.test(text.charAt(CHARS_SHOWN_MAX - 1));
  return text.slice(0, half ? CHARS_SHOWN_MAX - 1 : CHARS_SHOWN_MAX);
}
const CLASS = { key: "k", string: "s", number: "n", atom: "a", plain: "t3" } as const;

export const JsonText = memo(function JsonText({ text }: { text: string }) {
  const lines = shownPiece(text).split("\n");
  return (
    <pre className="body-lines">
      {lines.slice(0, LINES_MAX).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the line number is the line's identity.
        <div key={index} style={{ display: "contents" }}>
          <span className="c num" aria-hidden>
            {index + 1}
          </span>
          <JsonIndent line={line}>
            {jsonTokens(line.trimStart()).map((token, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: tokens of one line never move.
              <span key={at} className={CLASS[token.kind]}>
                <SafeText text={token.text} />
              </span>
            ))}
          </JsonIndent>
        </div>
      ))}
      {lines.length > LINES_MAX && <span className="t3">more lines, save it to see them</span>}
    </pre>
  );
});

/** Stands at its depth, and what does not fit goes on below its own beginning. Past a depth that leaves room for
 * text, the depth is a number. */
function JsonIndent({ line, children }: { line: string; children: ReactNode }) {
  const { columns, depth } = jsonIndent(line);
  return (
    <span className="wrap hang" style={{ "--at": `${columns}ch` } as CSSProperties}>
      {depth !== undefined && (
        <span className="t3 depth" title={`level ${depth}`}>
          {depth}
        </span>
      )}
      {children}
    </span>
  );
}

export function PlainText({ text }: { text: string }) {
  return (
    <pre className="breaks pad-x">
      <SafeText text={shownPiece(text)} />
    </pre>
  );
}

export const HexText = memo(function HexText({ hex }: { hex: string }) {
  const rows = hexRows(hex.slice(0, HEX_ROWS_MAX * HEX_ROW_CHARS));
  return (
    <div className="hex selectable" role="img" aria-label="Bytes in hexadecimal">
      {rows.map((row) => (
        <div key={row.offset} style={{ display: "contents" }}>
          <span className="t3">{row.offset}</span>
          <span>{row.hex}</span>
          <span className="t2">{row.text}</span>
        </div>
      ))}
      {hex.length > HEX_ROWS_MAX * HEX_ROW_CHARS && <span className="t3 whole">save it to see the rest</span>}
    </div>
  );
});
