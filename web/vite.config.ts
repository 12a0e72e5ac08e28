import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const OUT = "../src/kirin/console/dist";

/** Compresses once, at build time, what the server sends as it is. */
function compress(): Plugin {
  return {
    name: "compress",
    apply: "build",
    closeBundle() {
      for (const file of readdirSync(OUT, { recursive: true, encoding: "utf8" })) {
        if (!/\.(js|css|html|svg)$/.test(file)) continue;
        const path = join(OUT, file);
        const bytes = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(bytes));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), compress()],
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
    proxy: Object.fromEntries(
      ["/api", "/model", "/files", "/admin", "/console", "/openapi.json", "/healthz"].map((path) => [
        path,
        "http://127.0.0.1:8000",
      ]),
    ),
  },
});
