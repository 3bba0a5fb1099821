// Who is connected to the local cluster, a line for each program.
import type { ConnectedClient } from "../ipc/bindings";

const SHOP_CLIENTS = "sample-shop";

/** True for the sample shop's clients: nobody has to be told that they connected. */
export function isOurs(client: ConnectedClient): boolean {
  return client.clientId.startsWith(SHOP_CLIENTS);
}

/** One program has a connection to every broker; a person counts programs. One that has left has none. */
export interface Program extends ConnectedClient {
  connections: number;
}

export function byProgram(clients: readonly ConnectedClient[]): Program[] {
  const programs = new Map<string, Program>();
  for (const client of clients) {
    // A program on this machine may come by either loopback address.
    const host = client.address.replace(/:\d+$/, "").replace(/^(\[::1\]|127\.0\.0\.1)$/, "localhost");
    const name = `${host} ${client.clientId} ${client.software} ${client.version}`;
    const known = programs.get(name);
    programs.set(name, {
      ...client,
      address: known?.address ?? client.address,
      connections: (known?.connections ?? 0) + (client.leftAt === undefined ? 1 : 0),
      records: (known?.records ?? 0) + client.records,
      lastTopic: client.lastTopic ?? known?.lastTopic,
      readBytes: (known?.readBytes ?? 0) + client.readBytes,
      lastRead: client.lastRead ?? known?.lastRead,
      at: Math.max(known?.at ?? 0, client.at),
      leftAt: lastLeft(known, client),
    });
  }
  return [...programs.values()];
}

/** When the last connection of a program ended; nothing while there is one. */
function lastLeft(known: Program | undefined, client: ConnectedClient): number | undefined {
  if (client.leftAt === undefined || known?.connections) return undefined;
  return Math.max(known?.leftAt ?? 0, client.leftAt);
}
