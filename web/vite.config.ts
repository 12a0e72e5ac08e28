import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const OUT = "../src/kirin/console/dist";

/** Its sources, so that the console is built without building and installing it first. */
const CLIENT = fileURLToPath(new URL("../clients/typescript/src", import.meta.url));

/** Compresses once, at build time, what the server sends as it is. */
function compress(): Plugin {
  return {
    name: "compress",
    apply: "build",
    closeBundle() {
      for (const file of readdirSync(OUT, { recursive: true, encoding: "utf8" })) {
        // The page itself is made anew for everybody who asks.
        if (!/\.(js|css|svg)$/.test(file)) continue;
        const path = join(OUT, file);
        const bytes = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(bytes));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** Puts the licences of all packages whose code is in the bundle beside it. */
function licences(): Plugin {
  const packages = new Set<string>();
  return {
    name: "licences",
    apply: "build",
    moduleParsed({ id }) {
      const found = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id);
      if (found?.[1]) packages.add(found[1].replace(/^\0/, ""));
    },
    generateBundle() {
      const texts = [...packages].sort().map((folder) => {
        const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
        const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
        const text = file ? readFileSync(join(folder, file), "utf8") : "";
        return `${name} ${version} (${license})\n\n${text}`.trim();
      });
      this.emitFile({
        type: "asset",
        name: "licences.txt",
        source: `${texts.join(`\n\n${"-".repeat(80)}\n\n`)}\n`,
      });
    },
  };
}

export default defineConfig({
  plugins: [react(), licences(), compress()],
  resolve: { alias: { "@kirin/client": CLIENT } },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: "es2022",
    // Modules are preloaded by the browser itself; the helper would be an inline script.
    modulePreload: { polyfill: false },
    // Small files stay files: the policy of the page allows no inline scripts.
    assetsInlineLimit: 0,
  },
  server: {
    fs: { allow: [".", CLIENT] },
    proxy: Object.fromEntries(
      ["/api", "/model", "/files", "/admin", "/console", "/openapi.json", "/healthz"].map((path) => [
        path,
        "http://127.0.0.1:8000",
      ]),
    ),
  },
});
