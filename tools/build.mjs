// Turns static/js, static/css and static/icons into static/dist: bundled, named by content, listed in manifest.json,
// with .gz and .br copies for the web server. Called by tools/assets.py with the list of icons as JSON.
import * as esbuild from "esbuild";
import * as sass from "sass";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const final = resolve("static/dist");
const out = resolve("static/.dist-new");
const target = ["es2020", "chrome87", "safari15", "firefox78"];
const manifest = {};
/** Where the web server shows what is built here. */
const address = "/static/dist/";
const tablet = "/tablet/";

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

/** Write one file under a name that changes with its content. */
function write(name, content) {
  const dot = name.lastIndexOf(".");
  const mark = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const hashed = `${name.slice(0, dot)}-${mark}${name.slice(dot)}`;
  writeFileSync(join(out, hashed), content);
  manifest[name] = hashed;
}

/** Entry points are the files at the top of static/js; shared modules live in folders below it. */
async function scripts() {
  const entries = readdirSync("static/js").filter((name) => name.endsWith(".js"));
  if (!entries.length) return;
  const built = await esbuild.build({
    entryPoints: entries.map((name) => `static/js/${name}`), bundle: true, minify: true, format: "esm", target,
    outdir: out, entryNames: "[name]-[hash]", assetNames: "[name]-[hash]", loader: { ".wasm": "file" },
    metafile: true, logLevel: "warning", define: { DECODER: JSON.stringify(tablet + manifest["decoder.js"]) },
  });
  for (const [path, made] of Object.entries(built.metafile.outputs)) {
    if (made.entryPoint) manifest[basename(made.entryPoint)] = basename(path);
  }
}

/**
 * Plain workers: the decoder with its WebAssembly, whose address goes into the page's script. It is served below
 * /tablet/: a service worker hands a worker's script out only inside its own scope (WebKit holds to that).
 */
async function decoder() {
  const built = await esbuild.build({
    entryPoints: ["static/workers/decoder.js"], bundle: true, minify: true, format: "iife", target, outdir: out,
    entryNames: "[name]-[hash]", assetNames: "[name]-[hash]", loader: { ".wasm": "file" }, publicPath: address,
    metafile: true, logLevel: "warning", external: ["module"],
  });
  for (const [path, made] of Object.entries(built.metafile.outputs)) {
    if (made.entryPoint) manifest["decoder.js"] = basename(path);
    else if (path.endsWith(".wasm")) manifest["decoder.wasm"] = basename(path);
  }
}

/** Last of all: it knows every file that the tablet must have without a network, and changes when one of them does. */
async function serviceWorker() {
  const names = ["tablet.js", "tablet.css", "decoder.js", "decoder.wasm", "icons.svg", "favicon.svg"];
  const fonts = Object.keys(manifest).filter((name) => name.endsWith(".woff2"));
  const files = [...names, ...fonts].map((name) => (name === "decoder.js" ? tablet : address) + manifest[name]).sort();
  const version = createHash("sha256").update(files.join()).update(readFileSync("static/workers/tablet-sw.js")).digest("hex");
  await esbuild.build({
    entryPoints: ["static/workers/tablet-sw.js"], bundle: true, minify: true, format: "iife", target,
    outfile: join(out, "tablet-sw.js"), logLevel: "warning",
    define: { VERSION: JSON.stringify(version.slice(0, 12)), FILES: JSON.stringify(files) },
  });
  manifest["tablet-sw.js"] = "tablet-sw.js";
}

/** Sass first, then esbuild for the fonts it names, for older browsers and for size. */
async function styles() {
  const entries = readdirSync("static/css").filter((name) => name.endsWith(".scss") && !name.startsWith("_"));
  for (const name of entries) {
    const { css } = sass.compile(`static/css/${name}`, {
      loadPaths: ["node_modules"], quietDeps: true,
      silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
    });
    const built = await esbuild.build({
      stdin: { contents: css, loader: "css", resolveDir: process.cwd() }, bundle: true, minify: true, target,
      outdir: out, assetNames: "[name]-[hash]", loader: { ".woff2": "file" }, write: false, metafile: true,
      logLevel: "warning",
    });
    for (const file of built.outputFiles) {
      if (file.path.endsWith(".css")) write(name.replace(".scss", ".css"), file.contents);
      else writeFileSync(join(out, basename(file.path)), file.contents);
    }
    for (const [path, made] of Object.entries(built.metafile.outputs)) {
      const source = Object.keys(made.inputs)[0];
      if (path.endsWith(".woff2")) manifest[basename(source)] = basename(path);
    }
  }
}

/** One sprite for pages with many icons, and the drawings by name for pages that must stay a single request. */
function icons(names) {
  const drawings = {};
  for (const name of names) {
    const own = `static/icons/${name}.svg`;
    const theirs = `node_modules/bootstrap-icons/icons/${name}.svg`;
    const path = existsSync(own) ? own : theirs;
    if (!existsSync(path)) throw new Error(`there is no icon called "${name}"`);
    drawings[name] = readFileSync(path, "utf8").replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, "").replace(/\s*\n\s*/g, "").trim();
  }
  const symbols = Object.entries(drawings).map(([name, d]) => `<symbol id="${name}" viewBox="0 0 16 16">${d}</symbol>`);
  write("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
  writeFileSync(join(out, "icons.json"), JSON.stringify(drawings));
  write("favicon.svg", readFileSync("static/icons/favicon.svg"));
}

/** The web server sends these instead of compressing while it serves. */
function compress() {
  for (const name of readdirSync(out).filter((name) => /\.(js|css|svg|wasm)$/.test(name))) {
    const content = readFileSync(join(out, name));
    writeFileSync(join(out, `${name}.gz`), gzipSync(content, { level: 9 }));
    writeFileSync(join(out, `${name}.br`), brotliCompressSync(content));
  }
}

/** Put the new files in place; the manifest last, so that a running server never reads names that are not there yet. */
function publish() {
  mkdirSync(final, { recursive: true });
  const fresh = new Set(readdirSync(out));
  for (const name of fresh) renameSync(join(out, name), join(final, name));
  writeFileSync(join(final, "manifest.json.new"), JSON.stringify(manifest, null, 1));
  renameSync(join(final, "manifest.json.new"), join(final, "manifest.json"));
  for (const name of readdirSync(final)) {
    if (!fresh.has(name) && name !== "manifest.json") rmSync(join(final, name), { force: true });
  }
  rmSync(out, { recursive: true, force: true });
}

try {
  await decoder();
  await scripts();
  await styles();
  icons(JSON.parse(process.argv[2] ?? "[]"));
  await serviceWorker();
} catch (error) {
  console.error(`assets: ${error.message}`);
  process.exit(1);
}
compress();
publish();
const size = (name) => readFileSync(join(final, `${manifest[name]}.gz`)).length;
const sizes = Object.keys(manifest).filter((name) => /\.(js|css|svg)$/.test(name))
  .map((name) => `${name} ${(size(name) / 1024).toFixed(1)}`);
console.log(`assets: ${relative(process.cwd(), final)} ready (kB compressed: ${sizes.join(", ")})`);
