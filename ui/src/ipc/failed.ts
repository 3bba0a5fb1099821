import { say } from "../components/Toasts";
import { appError } from "./call";

/** Says in a toast what did not come about, and why. */
export function sayFailed(cause: unknown): void {
  const { what, why } = appError(cause);
  say({ words: `${what}. ${why}`, bad: true });
}
