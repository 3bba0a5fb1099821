import { expect, it } from "vitest";
import { csv } from "./csv";

it("quotes what must be quoted and disarms formulas", () => {
  expect(csv([["a", 'b "c"', "d,e", "f\ng"]])).toBe('a,"b ""c""","d,e","f\ng"\r\n');
  expect(csv([["=1+1", "@x", "-1", "+2", "plain-1"]])).toBe("'=1+1,'@x,'-1,'+2,plain-1\r\n");
  expect(csv([['=HYPERLINK("x")']])).toBe('"\'=HYPERLINK(""x"")"\r\n');
});
