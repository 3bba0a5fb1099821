// Child processes of the tests: their lines are kept, they end with the test, and only by their own id.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../../..");
export const binary = (name: string) => join(root, "target", process.env.HEADWATER_PROFILE ?? "debug", name);

export async function until<T>(
  what: string,
  ms: number,
  seen: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await seen();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}

export class Child {
  readonly lines: string[] = [];
  readonly process: ChildProcess;
  ended = false;

  constructor(program: string, args: string[], env: Record<string, string> = {}, cwd?: string) {
    this.process = spawn(program, args, { env: { ...process.env, ...env }, cwd, stdio: ["ignore", "pipe", "pipe"] });
    this.process.on("error", (error) => this.lines.push(`ERROR ${error.message}`));
    this.process.on("exit", () => {
      this.ended = true;
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      let rest = "";
      stream?.on("data", (data) => {
        const parts = (rest + data).split("\n");
        rest = parts.pop() ?? "";
        this.lines.push(...parts);
      });
    }
  }

  line(pattern: RegExp, ms = 30_000): Promise<RegExpMatchArray> {
    return until(`a line like ${pattern}`, ms, () => {
      for (const line of this.lines) {
        const match = line.match(pattern);
        if (match) return match;
      }
      if (this.ended) throw new Error(`the program ended first:\n${this.lines.join("\n")}`);
      return undefined;
    });
  }

  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (this.ended) return;
    this.process.kill(signal);
    await until("a child to end", 20_000, () => this.ended);
  }
}

/** The first of `count` free ports in a row; below those that systems hand out by themselves. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const all = await Promise.all(Array.from({ length: count }, (_, n) => isFree(first + n)));
    if (all.every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once("error", () => done(false));
    server.listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });
}

export function temporaryDir(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "headwater-e2e-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => done(port));
    });
  });
}

/** Whether a foreign program is there; where CI is set its absence is a failure. */
export function has(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: "ignore" });
    return true;
  } catch {
    // The last word of "which kcat" is what is missing.
    const missing = program === "which" ? args[args.length - 1] : program;
    if (process.env.CI) throw new Error(`${missing} is needed for this test`);
    console.log(`skipped: ${missing} is not there`);
    return false;
  }
}
