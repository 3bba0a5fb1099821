import { expect, test } from "vitest";
import { changeWord } from "./figures";

test("a lag says whether it rises or falls, and nothing where it hardly moves", () => {
  expect(changeWord(1.24)).toBe("rising 1.2/s");
  expect(changeWord(-310)).toBe("falling 310.0/s");
  expect(changeWord(0.2)).toBeUndefined();
  expect(changeWord(undefined)).toBeUndefined();
});
