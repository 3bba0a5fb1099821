import type { Host } from "./host";

declare const __MOCK_HOST__: boolean;

/** The shell's own host in the window, the http host in a browser, fixtures only in the mock build. */
export async function pickHost(): Promise<Host> {
  if (__MOCK_HOST__) return (await import("./mock/index")).mockHost();
  if ("__TAURI_INTERNALS__" in window) return (await import("./tauri")).tauriHost();
  return (await import("./http")).httpHost();
}
