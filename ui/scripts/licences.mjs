// Writes the list of what this program contains and under which licences: crates of the app and its cluster, and
// npm packages of the window. Run it when a lock file changed; a test compares the list with both.
//   node scripts/licences.mjs
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const meta = JSON.parse(
  execFileSync(
    "cargo",
    ["metadata", "--format-version", "1", "--locked", "--filter-platform", "x86_64-unknown-linux-gnu"],
    { cwd: "..", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] },
  ).toString(),
);
const byId = new Map(meta.packages.map((one) => [one.id, one]));
const nodes = new Map(meta.resolve.nodes.map((node) => [node.id, node]));
const reached = new Set();
const walk = (id) => {
  if (reached.has(id)) return;
  reached.add(id);
  for (const dep of nodes.get(id)?.deps ?? []) {
    // What only builds or tests the program is not in it.
    if (dep.dep_kinds.some((kind) => kind.kind === null)) walk(dep.pkg);
  }
};
for (const one of meta.packages) if (one.name === "headwater") walk(one.id);
const crates = [...reached]
  .map((id) => byId.get(id))
  .filter((one) => one.source !== null)
  .map(({ name, version, license, repository }) => ({
    name,
    version,
    licence: license ?? "see its files",
    from: "crate",
    home: repository ?? "",
  }));
const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const packages = Object.entries(lock.packages)
  .filter(([path, one]) => path !== "" && !one.dev)
  .map(([path, one]) => ({
    name: path.replace(/^.*node_modules\//, ""),
    version: one.version,
    licence: one.license ?? "see its files",
    from: "npm",
    home: "",
  }));
const all = [...crates, ...packages].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
writeFileSync("src/views/settings/licences.json", `${JSON.stringify(all, null, 1)}\n`);
console.log(`${crates.length} crates, ${packages.length} packages`);
