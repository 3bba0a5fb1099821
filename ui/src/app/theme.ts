// Mantine is used for its behaviour (focus, menus, positions); the look is ours.
import { createTheme } from "@mantine/core";

export const theme = createTheme({
  fontFamily: "var(--font-ui)",
  fontFamilyMonospace: "var(--font-data)",
  defaultRadius: 6,
  respectReducedMotion: true,
  cursorType: "default",
});

export type Scheme = "light" | "dark";

/** Puts the scheme where tokens.css looks for it. */
export function applyScheme(scheme: Scheme) {
  document.documentElement.dataset.theme = scheme;
}

/** Rows read their height from a token; lists that are open measure it when they are drawn anew. */
export function applyDensity(density: "compact" | "comfortable") {
  document.documentElement.dataset.density = density;
}
