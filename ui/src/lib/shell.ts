/** Returns text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9.,:_\-=/]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
