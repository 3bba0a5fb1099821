// What stands in the produce panel, kept until it is sent or cleared; one draft a topic.
import { say } from "../components/Toasts";
import type { ClusterId, Codec, Payload, RecordTemplate } from "../ipc/bindings";
import { drafts } from "../ipc/persisted";
import type { PayloadDraft } from "./PayloadInput";

export interface HeaderDraft extends PayloadDraft {
  name: string;
}

export interface ProduceDraft {
  key: PayloadDraft;
  value: PayloadDraft;
  headers: HeaderDraft[];
  partition: string;
  codec: Codec;
  acks: "all" | "1";
}

export const EMPTY_DRAFT: ProduceDraft = {
  key: { kind: "text", text: "" },
  value: { kind: "text", text: "" },
  headers: [],
  partition: "",
  codec: "none",
  acks: "all",
};

export function draftName(clusterId: ClusterId | undefined, topic: string): string {
  return `produce ${clusterId} ${topic}`;
}

/** Puts a record into the panel; what stood there before comes back by one click. */
export function fillDraft(clusterId: ClusterId, topic: string, record: RecordTemplate) {
  const name = draftName(clusterId, topic);
  const before = drafts.get()[name] as ProduceDraft | undefined;
  drafts.set({ [name]: draftOf(record) });
  const hadText = before && (before.value.text !== "" || before.key.text !== "" || before.headers.length > 0);
  if (hadText) {
    say({
      words: "What stood in the form was replaced",
      action: { label: "Undo", run: () => drafts.set({ [name]: before }) },
    });
  }
}

export function draftOf(record: RecordTemplate): ProduceDraft {
  return {
    ...EMPTY_DRAFT,
    key: payloadDraft(record.key),
    value: payloadDraft(record.value),
    headers: record.headers.map(({ name, value }) => ({ name, ...payloadDraft(value) })),
    partition: String(record.partition),
  };
}

function payloadDraft(payload: Payload): PayloadDraft {
  switch (payload.kind) {
    case "null":
      return { kind: "null", text: "" };
    case "base64":
      return { kind: "base64", text: payload.data };
    case "text":
      // Zero bytes have a kind of their own: an empty field means that nobody typed a key.
      return payload.text === "" ? { kind: "empty", text: "" } : { kind: "text", text: payload.text };
  }
}
