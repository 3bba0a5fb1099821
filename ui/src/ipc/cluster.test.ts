import { describe, expect, it } from "vitest";
import type { ClusterSummary } from "./bindings";
import { writeRefusal } from "./cluster";

const cluster = (rest: Partial<ClusterSummary>) =>
  ({ name: "shop", state: "connected", ...rest }) as ClusterSummary;

describe("why writing is refused", () => {
  it.each([
    [undefined, "The cluster is not open"],
    [cluster({}), undefined],
    [cluster({ readOnly: true }), "shop is read-only"],
    [cluster({ state: "stopped" }), "shop is stopped"],
    [cluster({ state: "unreachable" }), "shop is unreachable"],
    [cluster({ readOnly: true, name: "a\u202eb" }), "a⟨U+202E⟩b is read-only"],
  ])("%#", (given, words) => expect(writeRefusal(given)).toBe(words));
});
