import { describe, expect, it } from "vitest";
import { asOld, oldest, oldOf, sentence } from "./old";

describe("sentence", () => {
  it.each([
    ["groups of broker 2: it did not answer.", "Groups of broker 2: it did not answer."],
    ["The cluster is away", "The cluster is away."],
    ["localhost:9092 did not answer in time..", "localhost:9092 did not answer in time."],
    ["Is it there?", "Is it there?"],
    ["", ""],
  ])("%j is %j", (text, wanted) => expect(sentence(text)).toBe(wanted));
});

it("what is made of several values is as old as the oldest", () => {
  const marks = [2, 1].map((asOf) => ({ asOf, why: "" }));
  expect(oldest([undefined, ...marks, undefined])?.asOf).toBe(1);
  expect(oldest([undefined])).toBeUndefined();
  expect(oldOf(asOld({ state: "value" }, { asOf: 1, why: "" }))?.asOf).toBe(1);
});
