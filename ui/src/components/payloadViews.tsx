// A payload as text, as JSON with colours, and as bytes.
import { type CSSProperties, memo, type ReactNode } from "react";
import { hexRows } from "../lib/hexRows";
import { jsonIndent, jsonTokens } from "../lib/jsonTokens";
import { SafeText } from "./text";

const LINES_MAX = 4000;
const HEX_ROWS_MAX = 4096;
const CLASS = { key: "k", string: "s", number: "n", atom: "a", plain: "t3" } as const;

export const JsonText = memo(function JsonText({ text }: { text: string }) {
  const lines = text.split("\n");
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
      {lines.length > LINES_MAX && (
        <span className="t3">{lines.length - LINES_MAX} more lines, copy to see them</span>
      )}
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
      <SafeText text={text} />
    </pre>
  );
}

export const HexText = memo(function HexText({ hex }: { hex: string }) {
  const rows = hexRows(hex);
  return (
    <div className="hex selectable" role="img" aria-label="Bytes in hexadecimal">
      {rows.slice(0, HEX_ROWS_MAX).map((row) => (
        <div key={row.offset} style={{ display: "contents" }}>
          <span className="t3">{row.offset}</span>
          <span>{row.hex}</span>
          <span className="t2">{row.text}</span>
        </div>
      ))}
      {rows.length > HEX_ROWS_MAX && <span className="t3 whole">more in the copy</span>}
    </div>
  );
});
