import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import licences from "./licences.json";

const root = resolve(__dirname, "../../../..");

it("lists what the lock files name, at the versions they name; else run scripts/licences.mjs", () => {
  const cargo = readFileSync(resolve(root, "Cargo.lock"), "utf8");
  const npm = JSON.parse(readFileSync(resolve(root, "ui/package-lock.json"), "utf8"));
  const wrong = licences.filter(({ name, version, from }) =>
    from === "crate"
      ? !cargo.includes(`name = "${name}"\nversion = "${version}"\n`)
      : !Object.entries<{ version: string }>(npm.packages).some(
          ([path, one]) => path.endsWith(`node_modules/${name}`) && one.version === version,
        ),
  );
  expect(wrong).toEqual([]);
  const listed = new Set(licences.filter(({ from }) => from === "npm").map(({ name }) => name));
  const shipped = Object.entries<{ dev?: boolean }>(npm.packages).filter(
    ([path, one]) => path !== "" && !one.dev,
  );
  expect(
    shipped.map(([path]) => path.replace(/^.*node_modules\//, "")).filter((name) => !listed.has(name)),
  ).toEqual([]);
  expect(licences.filter(({ licence }) => licence === "")).toEqual([]);
});
