import { Segmented, TextArea } from "../components/fields";
import { Mark } from "../components/text";
import type { Payload } from "../ipc/bindings";
import { isBase64 } from "../lib/base64";

export type PayloadKind = "text" | "empty" | "null" | "base64";

/** What a person typed for a key, a value or a header; the text is kept when the kind changes. */
export interface PayloadDraft {
  kind: PayloadKind;
  text: string;
}

export function toPayload({ kind, text }: PayloadDraft): Payload {
  if (kind === "null") return { kind: "null" };
  if (kind === "base64") return { kind: "base64", data: text.replaceAll(/\s/g, "") };
  return { kind: "text", text: kind === "empty" ? "" : text };
}

/** Says what is wrong with a draft, or nothing. */
export function payloadProblem({ kind, text }: PayloadDraft, what: string): string | undefined {
  return kind === "base64" && !isBase64(text.replaceAll(/\s/g, "")) ? `${what} is not base64` : undefined;
}

export function PayloadInput(props: {
  name: string;
  draft: PayloadDraft;
  onChange: (draft: PayloadDraft) => void;
  rows: number;
  placeholder?: string;
  autoFocus?: boolean;
}) {
  const { name, draft, onChange } = props;
  return (
    <div className="stack-1">
      <div className="row">
        <span className="small b">{name}</span>
        <span className="grow" />
        <Segmented<PayloadKind>
          name={`${name} as`}
          value={draft.kind}
          options={[
            { value: "text", label: "Text" },
            { value: "empty", label: "Empty" },
            { value: "null", label: "Null" },
            { value: "base64", label: "Base64" },
          ]}
          onChange={(kind) => onChange({ ...draft, kind })}
        />
      </div>
      {draft.kind === "text" || draft.kind === "base64" ? (
        <TextArea
          name={name}
          value={draft.text}
          rows={props.rows}
          placeholder={props.placeholder}
          autoFocus={props.autoFocus}
          onChange={(text) => onChange({ ...draft, text })}
        />
      ) : (
        <div className="row small t2">
          <Mark kind={draft.kind} />
          {draft.kind === "empty" ? "zero bytes" : name === "Value" ? "a tombstone" : "no key"}
        </div>
      )}
    </div>
  );
}
