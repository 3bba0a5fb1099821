// The process behind this page.
import type { Host } from "../host/host";

let current: Host | undefined;

export function setHost(host: Host) {
  current = host;
}

export function host(): Host {
  if (!current) throw new Error("the host is set before the first view renders");
  return current;
}
