// A record as text to paste elsewhere. Payloads are put in as they are: a number of any size keeps its digits.
import { shellWord } from "./shell";

/** A payload as it can be sent again. */
export type RecordPayload =
  | { kind: "null" }
  | { kind: "text"; text: string }
  | { kind: "base64"; data: string };

export interface RecordAsText {
  topic: string;
  partition: number;
  offset: string;
  /** Undefined where the record has no time. */
  timestamp?: number;
  key: RecordPayload;
  value: RecordPayload;
  headers: readonly { name: string; value: RecordPayload }[];
  /** The payload's text is JSON already. */
  jsonKey: boolean;
  jsonValue: boolean;
}

/** Returns one JSON object; bytes that are no text stand as {"base64": …}. */
export function recordJson(record: RecordAsText): string {
  const headers = record.headers.map(
    (header) => `\n    { "name": ${quoted(header.name)}, "value": ${payload(header.value, false)} }`,
  );
  const lines = [
    `"topic": ${quoted(record.topic)}`,
    `"partition": ${record.partition}`,
    `"offset": ${record.offset}`,
    `"timestamp": ${record.timestamp ?? "null"}`,
    `"key": ${payload(record.key, record.jsonKey)}`,
    `"headers": ${headers.length > 0 ? `[${headers.join(",")}\n  ]` : "[]"}`,
    `"value": ${payload(record.value, record.jsonValue)}`,
  ];
  return `{\n  ${lines.join(",\n  ")}\n}`;
}

/** Returns the command that reads exactly this record. */
export function kcatCommand(bootstrap: string, topic: string, partition: number, offset: string): string {
  const place = `-t ${shellWord(topic)} -p ${partition} -o ${offset} -c 1`;
  return `kcat -C -b ${shellWord(bootstrap)} ${place} -f 'key: %k\\nheaders: %h\\n%s\\n'`;
}

function payload(of: RecordPayload, json: boolean): string {
  switch (of.kind) {
    case "null":
      return "null";
    case "text":
      return json ? of.text.trim() : quoted(of.text);
    case "base64":
      return `{ "base64": ${quoted(of.data)} }`;
  }
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
