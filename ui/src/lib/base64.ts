/** Returns the bytes of base64 text. */
export function bytesOfBase64(data: string): Uint8Array<ArrayBuffer> {
  const chars = atob(data);
  const bytes = new Uint8Array(chars.length);
  for (let at = 0; at < chars.length; at++) bytes[at] = chars.charCodeAt(at);
  return bytes;
}

/** Returns the bytes of base64 text as lower-case hex. */
export function hexOfBase64(data: string): string {
  return Array.from(atob(data), (char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

/** Returns the base64 of a text's UTF-8 bytes. */
export function base64OfText(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
