import type { AppError, Capabilities } from "../ipc/bindings";

/** Either the answer of an operation or its error; the wire envelope of both transports. */
export type Envelope = { ok: unknown } | { err: AppError };

export interface FeedMessage {
  revision: number;
  value?: unknown;
  err?: AppError;
}

/** Everything the front end may ask of the process that shows it. */
export interface Host {
  readonly kind: "tauri" | "http" | "mock";
  readonly capabilities: Capabilities;
  /** Makes the session ready; throws an AppError when there is none. */
  start(): Promise<void>;
  rpc(op: string, request: unknown, cancelId?: string): Promise<Envelope>;
  /** Opens a feed; the first message is the snapshot. Returns how to close it. */
  openFeed(feed: string, request: unknown, onMessage: (message: FeedMessage) => void): () => void;
}

export const NO_CAPABILITIES: Capabilities = { dialogs: false, windows: false, tray: false, notify: false };
