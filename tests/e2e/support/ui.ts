// What a flow does to the app, the same in the browser and in the window.
export interface Ui {
  goto(path: string): Promise<void>;
  path(): Promise<string>;
  /** `within` is the accessible name of a part of the page. */
  click(role: string, name: string | RegExp, within?: string): Promise<void>;
  fill(name: string, text: string): Promise<void>;
  /** What stands in a text field. */
  value(name: string): Promise<string>;
  choose(name: string, option: string): Promise<void>;
  press(...keys: string[]): Promise<void>;
  /** Waits until the text stands somewhere on the page. */
  sees(text: string | RegExp, ms?: number): Promise<void>;
  lacks(text: string | RegExp, ms?: number): Promise<void>;
  /** Runs in the page; arguments and result are JSON. */
  evaluate<T>(body: (...args: never[]) => T | Promise<T>, ...args: unknown[]): Promise<T>;
  /** An operation through the page's own transport. */
  call<T = unknown>(op: string, request?: unknown): Promise<T>;
  picture(name: string): Promise<void>;
}

export class OperationRefused extends Error {
  constructor(readonly refusal: { code?: string; what: string; why: string; remedies: unknown[] }) {
    super(`${refusal.what}: ${refusal.why}`);
  }
}
