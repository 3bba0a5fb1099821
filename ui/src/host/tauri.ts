// The window's transport. The shell's module is loaded only where the shell is.
import type { FileSaved } from "../ipc/bindings";
import { type Envelope, type FeedMessage, type Host, HostError, NO_CAPABILITIES } from "./host";

export async function tauriHost(): Promise<Host> {
  const { Channel, invoke } = await import("@tauri-apps/api/core");
  const rpc = (op: string, request: unknown, cancelId?: string) =>
    invoke<Envelope>("rpc", { op, request, cancelId });
  let nextId = 1;
  return {
    kind: "tauri",
    capabilities: { ...NO_CAPABILITIES, dialogs: true, windows: true, notify: true },
    start: () => Promise.resolve(),
    rpc,
    async saveFile(name, content) {
      const file = typeof content === "string" ? { text: content } : { text: base64(content), base64: true };
      const envelope = await rpc("file.save", { name, ...file });
      if ("err" in envelope) throw new HostError(envelope.err);
      return (envelope.ok as FileSaved).path;
    },
    menu(groups, onChosen) {
      const channel = new Channel<string>();
      channel.onmessage = onChosen;
      void invoke("menu_set", { groups, channel });
    },
    openFeed(feed, request, onMessage) {
      const id = nextId++;
      const channel = new Channel<FeedMessage>();
      channel.onmessage = onMessage;
      void invoke("feed_open", { id, feed, request, channel });
      return () => {
        channel.onmessage = () => undefined;
        void invoke("feed_close", { id });
      };
    },
  };
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
