// A name that a person gave may hold characters that reorder what stands beside it; none of them reaches the page.
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { ErrorBlock, type ShownError } from "./ErrorBlock";
import { Head } from "./layout";
import { Link } from "./navigation";
import { Empty } from "./states";

const HOSTILE = "shop\u202egnp.exe\u202c\u2066\u200f";
const RAW = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const error: ShownError = {
  what: `${HOSTILE} does not answer`,
  why: `${HOSTILE} closed the connection`,
  at: { connection: HOSTILE },
  remedies: [],
  retriable: false,
};

describe("hostile names", () => {
  it.each([
    ["an error", <ErrorBlock key="1" error={error} />],
    ["a page's head", <Head key="2" title={HOSTILE} />],
    ["an empty list", <Empty key="3" title={`${HOSTILE} is stopped`} />],
    [
      "a link",
      <Link key="4" href="/" name={HOSTILE} title={HOSTILE}>
        it
      </Link>,
    ],
  ])("are marked in %s", (_, element) => {
    const html = renderToStaticMarkup(element);
    expect(html).not.toMatch(RAW);
    expect(html).toContain("U+202E");
  });
});
