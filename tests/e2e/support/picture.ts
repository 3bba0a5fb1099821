// A page that went blank satisfies most of what a test asks of it; its picture does not.

/** One colour compresses to almost nothing; the emptiest screen of ours is several times as large. */
const BLANK_BYTES_MAX = 8_000;

/** Text that is hidden is not part of a page's inner text; a picture may be a frame late. */
export const VISIBLE_TEXT = "return document.body.innerText.trim();";

export function notBlank(png: Buffer, text: string, what: string): void {
  if (text === "") throw new Error(`${what} shows no text`);
  if (png.length < BLANK_BYTES_MAX) throw new Error(`${what} is blank (${png.length} bytes of picture)`);
}
