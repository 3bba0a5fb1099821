// The rules of the folders, checked on their text.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const SRC = resolve(__dirname, "..");
const LAYERS = ["lib", "components", "ipc", "features", "views", "app"];
const LINES_MAX = 400;

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

const sources = files(SRC)
  .map((path) => ({ path: relative(SRC, path), text: readFileSync(path, "utf8") }))
  .filter(({ path }) => path !== "ipc/bindings.ts");
const code = sources.filter(({ path }) => /\.tsx?$/.test(path));

function imports({ path, text }: { path: string; text: string }): { to: string; typeOnly: boolean }[] {
  const found = text.matchAll(/(import|export)\s+(type\s)?[^"';]*?from\s+"(\.[^"]+)"|import\("(\.[^"]+)"\)/g);
  return [...found].map((match) => ({
    to: relative(SRC, resolve(SRC, dirname(path), match[3] ?? match[4] ?? "")),
    typeOnly: match[2] !== undefined,
  }));
}

describe("structure", () => {
  it("imports go one way", () => {
    const wrong = code.flatMap((file) =>
      imports(file)
        .filter(({ to, typeOnly }) => {
          const [from, target] = [layerOf(file.path), layerOf(to)];
          // Generated types are the one thing that every layer may name.
          if (to === "ipc/bindings" && typeOnly) return false;
          return from >= 0 && target > from;
        })
        .map(({ to }) => `${file.path} imports ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it("a view imports no other view", () => {
    const wrong = code.flatMap((file) => {
      const view = /^views\/([^/]+)\//.exec(file.path)?.[1];
      return imports(file)
        .filter(({ to }) => view !== undefined && to.startsWith("views/") && !to.startsWith(`views/${view}/`))
        .map(({ to }) => `${file.path} imports ${to}`);
    });
    expect(wrong).toEqual([]);
  });

  it("only the host folder knows the shell", () => {
    const wrong = code.filter(
      ({ path, text }) =>
        !/^host\/|\.test\./.test(path) && /from "@tauri-apps|import\("@tauri-apps/.test(text),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it("colours live in the token file", () => {
    const raw = /(?<![\w&])#[0-9a-fA-F]{3,8}\b(?!-)|\brgba?\(|\bhsla?\(/;
    const wrong = sources.filter(
      ({ path, text }) =>
        !path.endsWith("tokens.css") &&
        !/^host\/mock|fixtures/.test(path) &&
        !/\.test\.tsx?$/.test(path) &&
        raw.test(withoutComments(text)),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it("views and features carry no pixel sizes outside grid columns", () => {
    const wrong = code
      .filter(({ path }) => /^(views|features)\//.test(path))
      .flatMap(({ path, text }) =>
        withoutComments(text)
          .split("\n")
          .filter((line) => /\b\d+px\b/.test(line) && !/\b(width|narrow): "/.test(line))
          .map((line) => `${path}: ${line.trim()}`),
      );
    expect(wrong).toEqual([]);
  });

  it("nothing writes HTML or a style attribute as text", () => {
    const banned =
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySetInnerHTML|setAttribute\("style"/;
    expect(
      code
        .filter(({ path, text }) => !path.endsWith(".test.ts") && banned.test(text))
        .map(({ path }) => path),
    ).toEqual([]);
  });

  it("payloads are not parsed as JSON", () => {
    const wrong = code.filter(
      ({ path, text }) =>
        /^(views|features|components|lib)\//.test(path) &&
        !/\.test\.tsx?$/.test(path) &&
        /JSON\.parse/.test(text),
    );
    // A scan's own parameters make its cache key and are read back from it.
    expect(wrong.map(({ path }) => path)).toEqual(["views/topic/messages/scans.ts"]);
  });

  it("files stay short", () => {
    const long = sources.filter(
      ({ path, text }) => !/\.(css|json)$/.test(path) && text.split("\n").length > LINES_MAX,
    );
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});

function layerOf(path: string): number {
  return LAYERS.indexOf(path.split("/")[0] ?? "");
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}
