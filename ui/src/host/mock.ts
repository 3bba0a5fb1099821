import type { Host } from "./host";
import { NO_CAPABILITIES } from "./host";
export function mockHost(): Host {
  return {
    kind: "mock",
    capabilities: NO_CAPABILITIES,
    start: () => Promise.resolve(),
    rpc: () => Promise.resolve({ ok: null }),
    openFeed: () => () => undefined,
  };
}
