/** Returns rows as RFC 4180 text. A cell that a spreadsheet would run as a formula gets a ' in front. */
export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

/** Returns rows as text that pastes into a spreadsheet: cells between tabs, a row on each line. */
export function tsv(rows: readonly (readonly string[])[]): string {
  return rows
    .map((row) => row.map((text) => inert(text.replaceAll(/[\t\r\n]+/g, " "))).join("\t"))
    .join("\n");
}

function cell(text: string): string {
  const safe = inert(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function inert(text: string): string {
  return /^[=+\-@\t\r\0]/.test(text) ? `'${text}` : text;
}
