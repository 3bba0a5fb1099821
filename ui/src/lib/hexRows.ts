export interface HexRow {
  offset: string;
  hex: string;
  text: string;
}

const ROW_BYTES = 8;

/** Splits hex without spaces into rows of eight bytes with their printable ASCII beside them. */
export function hexRows(hex: string, rowBytes = ROW_BYTES): HexRow[] {
  const rows: HexRow[] = [];
  for (let at = 0; at < hex.length; at += rowBytes * 2) {
    const pairs = hex.slice(at, at + rowBytes * 2).match(/../g) ?? [];
    rows.push({
      offset: (at / 2).toString(16).padStart(6, "0"),
      hex: pairs.join(" "),
      text: pairs.map(printable).join(""),
    });
  }
  return rows;
}

function printable(pair: string): string {
  const code = Number.parseInt(pair, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : "·";
}
