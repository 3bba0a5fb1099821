/** A shortcut such as "Mod+K"; Mod is Cmd on a Mac and Ctrl elsewhere. */
export type Shortcut = string;

export const isMac = typeof navigator !== "undefined" && /Mac/.test(navigator.platform);

export function matches(event: KeyboardEvent, shortcut: Shortcut): boolean {
  const keys = shortcut.split("+");
  const key = keys.at(-1) ?? "";
  const mod = isMac ? event.metaKey : event.ctrlKey;
  return (
    mod === keys.includes("Mod") &&
    event.altKey === keys.includes("Alt") &&
    // A printed character such as ? already says that Shift was needed.
    (key.length === 1 && !/[a-z0-9]/i.test(key) ? true : event.shiftKey === keys.includes("Shift")) &&
    event.key.toLowerCase() === key.toLowerCase()
  );
}

export function label(shortcut: Shortcut): string {
  return shortcut
    .split("+")
    .map((key) => (key === "Mod" ? (isMac ? "Cmd" : "Ctrl") : key.replace("Arrow", "")))
    .join(" ");
}

/** True where typed letters belong to the field and not to the page. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}
