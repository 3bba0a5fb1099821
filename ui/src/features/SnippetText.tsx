import type { CSSProperties } from "react";

/** Code whose lines keep their indent. What does not fit goes on below its own beginning. */
export function SnippetText({ text }: { text: string }) {
  return (
    <pre className="snippet data">
      {text.split("\n").map((line, at) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the line number is the line's identity.
          key={at}
          className="turns"
          style={{ "--at": `${line.length - line.trimStart().length}ch` } as CSSProperties}
        >
          {line === "" ? <br /> : line}
        </span>
      ))}
    </pre>
  );
}
