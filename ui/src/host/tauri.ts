// The window's transport. The shell's module is loaded only where the shell is.
import { type Envelope, type FeedMessage, type Host, NO_CAPABILITIES } from "./host";

export async function tauriHost(): Promise<Host> {
  const { Channel, invoke } = await import("@tauri-apps/api/core");
  let nextId = 1;
  return {
    kind: "tauri",
    capabilities: { ...NO_CAPABILITIES, dialogs: true, windows: true },
    start: () => Promise.resolve(),
    rpc: (op, request, cancelId) => invoke<Envelope>("rpc", { op, request, cancelId }),
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
