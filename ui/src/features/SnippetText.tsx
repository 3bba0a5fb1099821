import { type CSSProperties, Fragment } from "react";

/** Code whose lines keep their indent. What does not fit goes on below its own beginning. */
export function SnippetText({ text }: { text: string }) {
  return (
    <pre className="snippet data">
      {text.split("\n").map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the line number is the line's identity.
        <Fragment key={at}>
          <span
            className="turns"
            style={{ "--at": `${line.length - line.trimStart().length}ch` } as CSSProperties}
          >
            {line === "" ? <br /> : line}
          </span>
          {/* Between the lines of a grid it is no line of its own; whoever takes the text finds it. */}
          {"\n"}
        </Fragment>
      ))}
    </pre>
  );
}
