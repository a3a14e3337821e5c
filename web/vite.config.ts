/// <reference types="vitest/config" />
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

// `npm run dev` shows the page with the line of `make demo` behind it.
const line = process.env["TELLERLINE_API"] ?? "http://127.0.0.1:8080";

/** The page that most begin with, and the frame around it: one file with all that they are made of, not fifty. */
const FIRST = /\/src\/(shell\/(Shell|Home)|pages\/live\/LiveCalls)\.tsx$/;

/** Beside each file that shrinks its gzip, which the line sends to whoever takes it. */
function gzipped(): Plugin {
  return {
    name: "gzipped",
    apply: "build",
    writeBundle({ dir = "" }) {
      const names = readdirSync(dir, { recursive: true, encoding: "utf-8" });
      for (const name of names.filter((one) => /\.(js|css|svg)$/.test(one))) {
        writeFileSync(join(dir, `${name}.gz`), gzipSync(readFileSync(join(dir, name)), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), gzipped()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // The policy allows no data: fonts and scripts, so nothing is inlined.
  build: {
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
    manifest: true,
    target: "es2022",
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "first", test: FIRST }] } } },
  },
  server: { proxy: { "/v1": { target: line, ws: true } } },
  test: {
    environment: "jsdom",
    globals: false,
    setupFiles: ["tests/setup.ts"],
    include: ["tests/**/*.test.{ts,tsx}"],
  },
});
