import { describe, expect, it } from "vitest";
import { tabTitles } from "./tabTitle";

const name = (id: string) => (id === "1" ? "Local" : "Staging");
const words = (...hrefs: string[]) => tabTitles(hrefs, name).map((title) => title.words + title.more);

describe("titles of tabs", () => {
  it("a name alone is enough while it is the only one", () => {
    expect(words("/c/1/topics/orders/config", "/c/1/topics")).toEqual(["orders", "Topics"]);
  });
  it("views of one topic say which", () => {
    expect(
      words("/c/1/topics/orders/messages?q=x", "/c/1/topics/orders/config", "/c/1/groups/orders"),
    ).toEqual(["orders · messages", "orders · config", "orders · group"]);
  });
  it("the same view of two clusters says of which", () => {
    expect(words("/c/1/overview", "/c/2/overview")).toEqual(["Overview · Local", "Overview · Staging"]);
    expect(words("/c/1/topics/orders/messages", "/c/2/topics/orders/messages")).toEqual([
      "orders · messages · Local",
      "orders · messages · Staging",
    ]);
  });
});
