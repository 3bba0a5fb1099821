import { describe, expect, it } from "vitest";
import type { RecordTemplate } from "../ipc/bindings";
import { draftOf } from "./produceDraft";

describe("edit and resend", () => {
  it("keeps null, empty, text and bytes apart", () => {
    const record: RecordTemplate = {
      partition: 4,
      key: { kind: "text", text: "" },
      value: { kind: "base64", data: "AP8=" },
      headers: [
        { name: "a", value: { kind: "null" } },
        { name: "a", value: { kind: "text", text: "1" } },
      ],
    };
    expect(draftOf(record)).toMatchObject({
      partition: "4",
      key: { kind: "empty" },
      value: { kind: "base64", text: "AP8=" },
      headers: [
        { name: "a", kind: "null" },
        { name: "a", kind: "text", text: "1" },
      ],
    });
  });
});
