import { expect, it } from "vitest";
import { csv, tsv } from "./csv";

it("quotes what must be quoted and disarms formulas", () => {
  expect(csv([["a", 'b "c"', "d,e", "f\ng"]])).toBe('a,"b ""c""","d,e","f\ng"\r\n');
  expect(csv([["=1+1", "@x", "-1", "+2", "plain-1"]])).toBe("'=1+1,'@x,'-1,'+2,plain-1\r\n");
  expect(csv([['=HYPERLINK("x")']])).toBe('"\'=HYPERLINK(""x"")"\r\n');
});

it("keeps a cell between its tabs and disarms formulas", () => {
  expect(
    tsv([
      ["time", "a\tb\n"],
      ["1", "=1+1"],
    ]),
  ).toBe("time\ta b \n1\t'=1+1");
});
