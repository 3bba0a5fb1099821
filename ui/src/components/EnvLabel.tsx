import type { Env } from "../ipc/bindings";

/** The environment, always as a word on its colour. */
export function EnvLabel({ env }: { env: Env }) {
  return <span className={`env ${env}`}>{env.toUpperCase()}</span>;
}
