/// <reference types="vitest/config" />
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The http host that a development page talks to; `headwater serve` prints its address.
const backend = process.env.HEADWATER_ORIGIN ?? "http://127.0.0.1:7878";

export default defineConfig(({ mode }) => ({
  plugins: [react()],
  base: "/",
  // The mock host is compiled in only under this mode; otherwise the branch is removed.
  define: { __MOCK_HOST__: JSON.stringify(mode === "mock" || mode === "test") },
  build: {
    target: ["es2022", "safari16"],
    // The policy allows no data: fonts or styles, so nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
  },
  server: {
    // The host answers its own address and origin only, so a page in development borrows them.
    proxy: { "/api": { target: backend, ws: true, changeOrigin: true, headers: { origin: backend } } },
  },
  test: { environment: "node", include: ["src/**/*.test.{ts,tsx}"] },
}));
