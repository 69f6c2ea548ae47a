// Bundles parquet.js from the packages that package-lock.json pins, and writes down what came of it: `make vendor`.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { build, version } from "esbuild";

const LIBRARIES = ["hyparquet", "fzstd"];
const pinned = JSON.parse(readFileSync("package-lock.json", "utf8")).packages;
const about = (name) => pinned[`node_modules/${name}`];
const licence = (name) => readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim();

for (const name of LIBRARIES) writeFileSync(`LICENSE-${name}`, `${licence(name)}\n`);
// The licences stand in the script itself, since every published site hands it on.
const notices = LIBRARIES.map((name) => `${name} ${about(name).version}\n\n${licence(name)}`).join("\n\n");
await build({
  entryPoints: ["entry.js"],
  outfile: "parquet.js",
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "parquet",
  target: "es2020",
  charset: "utf8",
  legalComments: "none",
  banner: { js: `/*!\n${notices}\n*/` },
});

const files = ["parquet.js", ...LIBRARIES.map((name) => `LICENSE-${name}`)];
const lock = {
  bundler: { name: "esbuild", version, integrity: about("esbuild").integrity },
  packages: LIBRARIES.map((name) => {
    const { version, integrity, license } = about(name);
    return { name, version, license, integrity };
  }),
  files: Object.fromEntries(
    files.map((file) => [file, createHash("sha256").update(readFileSync(file)).digest("hex")])),
};
writeFileSync("vendor.lock.json", `${JSON.stringify(lock, null, 2)}\n`);
