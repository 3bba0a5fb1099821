// The same front end in a browser: POST for calls, one WebSocket for feeds, a cookie for the session.
import type { AppError } from "../ipc/bindings";
import { download, type Envelope, type FeedMessage, type Host, NO_CAPABILITIES } from "./host";
import { presence } from "./presence";

const RECONNECT_FIRST_MS = 250;
const RECONNECT_MAX_MS = 5000;
const LAST_WORDS = new Set(["state.put", "scan.close"]);
const KEEPALIVE_LEN_MAX = 60_000;

interface OpenFeed {
  feed: string;
  request: unknown;
  onMessage: (message: FeedMessage) => void;
}

export const SESSION_ENDED: AppError = {
  code: "session_ended",
  what: "This page is not let in",
  why: "It lacks the cookie that the printed address gives: the cookie was cleared, this is another browser, or Headwater was started anew.",
  remedies: [
    {
      label:
        "Open the address that stands in the terminal behind “Headwater is at”. It is good as long as Headwater runs.",
    },
  ],
  at: {},
  retriable: false,
};

export function httpHost(): Host {
  const feeds = new Map<number, OpenFeed>();
  let nextId = 1;
  let socket: WebSocket | undefined;
  let waitMs = RECONNECT_FIRST_MS;

  function connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const opened = new WebSocket(`${scheme}://${location.host}/api/feeds`);
    socket = opened;
    opened.onopen = () => {
      waitMs = RECONNECT_FIRST_MS;
      presence.set(undefined);
      for (const [id, open] of feeds) send({ open: { id, feed: open.feed, request: open.request } });
    };
    opened.onmessage = (event) => {
      const message = JSON.parse(String(event.data)) as FeedMessage & { id: number };
      feeds.get(message.id)?.onMessage(message);
    };
    opened.onclose = () => {
      if (socket !== opened) return;
      socket = undefined;
      if (feeds.size === 0) return;
      if (waitMs > RECONNECT_FIRST_MS) presence.set(presence.get() ?? Date.now());
      setTimeout(() => feeds.size > 0 && !socket && connect(), waitMs);
      waitMs = Math.min(waitMs * 2, RECONNECT_MAX_MS);
    };
  }

  function send(message: unknown) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  }

  return {
    kind: "http",
    capabilities: NO_CAPABILITIES,
    start: exchangeToken,
    rpc,
    saveFile: download,
    openFeed(feed, request, onMessage) {
      const id = nextId++;
      feeds.set(id, { feed, request, onMessage });
      if (socket) send({ open: { id, feed, request } });
      else connect();
      return () => {
        feeds.delete(id);
        send({ close: { id } });
      };
    },
  };
}

/** The run's token becomes a cookie and leaves the address bar. */
async function exchangeToken(): Promise<void> {
  const url = new URL(location.href);
  const token = url.searchParams.get("token");
  if (token === null) return;
  const answer = await fetch("/api/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  url.searchParams.delete("token");
  history.replaceState(history.state, "", url.pathname + url.search + url.hash);
  if (!answer.ok && answer.status !== 401) throw unreachable(`the session answered ${answer.status}`);
}

async function rpc(op: string, request: unknown, cancelId?: string): Promise<Envelope> {
  const body = JSON.stringify({ op, request, cancelId });
  let answer: Response;
  try {
    answer = await fetch("/api/rpc", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      // What is said while the page goes away must still arrive.
      keepalive: LAST_WORDS.has(op) && body.length < KEEPALIVE_LEN_MAX,
    });
  } catch (cause) {
    return { err: unreachable(String(cause)) };
  }
  if (answer.status === 401) return { err: SESSION_ENDED };
  if (!answer.ok) return { err: unreachable(`${op} was answered with status ${answer.status}`) };
  return (await answer.json()) as Envelope;
}

function unreachable(detail: string): AppError {
  return {
    code: "unreachable",
    what: "Headwater does not answer",
    why: "The program behind this page has stopped, or the connection to it broke.",
    remedies: [{ label: "Try again", action: { kind: "retry" } }],
    at: {},
    retriable: true,
    detail,
  };
}
