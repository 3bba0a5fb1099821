// The code of "Connect your app", run as a person would run it.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SNIPPETS } from "../../ui/src/features/snippets.ts";
import { startCluster } from "./support/flows.ts";
import { readAll } from "./support/kafka.ts";
import { root, temporaryDir } from "./support/process.ts";
import { expect, test } from "./support/test.ts";

/** What stands around the code in a file of its language, and what runs the file. */
interface Runner {
  file: string;
  around: (code: string) => string;
  /** Puts beside the file what it imports. */
  beside?: (dir: string) => void;
  run: readonly string[];
}

const python = join(root, "target/clients/python/bin/python");
const jars = join(root, "target/kafka/lib/*");

const RUNNERS: Record<string, Runner> = {
  python: { file: "main.py", around: (code) => code, run: [python, "main.py"] },
  java: {
    file: "Main.java",
    around: (code) => `import java.util.Properties;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.serialization.StringSerializer;
class Main { public static void main(String[] args) { ${code} } }`,
    run: ["java", "-cp", jars, "Main.java"],
  },
  node: {
    file: "main.mjs",
    around: (code) => code,
    beside: (dir) => symlinkSync(join(root, "tests/clients/node/node_modules"), join(dir, "node_modules")),
    run: ["node", "main.mjs"],
  },
  go: {
    file: "main.go",
    around: (code) => `package main
import ("context"; "log"; "github.com/twmb/franz-go/pkg/kgo")
func main() { ctx := context.Background()
${code}
}`,
    beside: (dir) => {
      for (const name of ["go.mod", "go.sum"]) copyFileSync(join(root, "tests/clients/go", name), join(dir, name));
    },
    run: ["go", "run", "."],
  },
  shell: { file: "main.sh", around: (code) => code, run: ["sh", "main.sh"] },
};

/** Compiled or run with what this machine has not; people would read them, and nothing here can tell. */
const NOT_RUN = ["rust", "dotnet", "compose"];

test("B every snippet sends its record", async ({ browserApp }) => {
  test.setTimeout(180_000);
  expect([...Object.keys(RUNNERS), ...NOT_RUN].sort()).toEqual(SNIPPETS.map(({ id }) => id).sort());
  const there = existsSync(python) && existsSync(join(root, "target/kafka/lib"));
  expect(there || !process.env.CI, "cargo xtask setup has been run").toBe(true);
  const cluster = await startCluster(browserApp);
  const bootstrap = cluster.bootstrap.split(",")[0] ?? "";
  for (const { id, text } of SNIPPETS) {
    const runner = RUNNERS[id];
    if (!runner) continue;
    const dir = temporaryDir();
    try {
      writeFileSync(join(dir.path, runner.file), runner.around(text(bootstrap, `from-${id}`)));
      runner.beside?.(dir.path);
      const [program = "", ...args] = runner.run;
      execFileSync(program, args, { cwd: dir.path, timeout: 120_000, stdio: "pipe" });
      const records = readAll(cluster.bootstrap, `from-${id}`).map((row) => row.split("|"));
      expect(records.map((record) => [record[2], record[4]]), id).toEqual([["eu-1001", '{"total": 12.40}']]);
    } finally {
      dir.remove();
    }
  }
});
