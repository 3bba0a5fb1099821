import type { AppError, Capabilities } from "../ipc/bindings";

/** Either the answer of an operation or its error; the wire envelope of both transports. */
export type Envelope = { ok: unknown } | { err: AppError };

export interface FeedMessage {
  revision: number;
  value?: unknown;
  err?: AppError;
}

/** What a host that cannot do something throws. */
export class HostError extends Error {
  constructor(readonly app: AppError) {
    super(app.what);
  }
}

/** Everything the front end may ask of the process that shows it. */
export interface Host {
  readonly kind: "tauri" | "http" | "mock";
  readonly capabilities: Capabilities;
  /** Makes the session ready; throws an AppError when there is none. */
  start(): Promise<void>;
  rpc(op: string, request: unknown, cancelId?: string): Promise<Envelope>;
  /** Hands a text or bytes to the person as a file. Returns where it lies, when the program knows. */
  saveFile(name: string, content: FileContent): Promise<string | undefined>;
  /** Shows these menus in the desktop's menu bar, none of them takes it away; tells what was chosen. */
  menu?(groups: readonly MenuGroup[], onChosen: (id: string) => void): void;
  /** Opens a feed; the first message is the snapshot. Returns how to close it. */
  openFeed(feed: string, request: unknown, onMessage: (message: FeedMessage) => void): () => void;
}

/** A menu of the desktop's menu bar. */
export interface MenuGroup {
  title: string;
  items: { id: string; label: string; accelerator: string | undefined; enabled: boolean }[];
}

export const NO_CAPABILITIES: Capabilities = { dialogs: false, windows: false, tray: false, notify: false };

export type FileContent = string | Uint8Array<ArrayBuffer>;

/** The browser's own download. */
export function download(name: string, content: FileContent): Promise<undefined> {
  const address = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the bytes over once the click was handled.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  return Promise.resolve(undefined);
}
