import { describe, expect, it } from "vitest";
import { trackFor } from "./columns";

describe("a track of numbers", () => {
  it.each([
    [[], "68px"],
    [["78/78"], "68px"],
    [["78/78", "1,717/1,717"], "92px"],
  ])("%j takes %s", (texts, track) => expect(trackFor(texts, 68)).toBe(track));
});
