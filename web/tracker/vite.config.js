import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const page = (name) => fileURLToPath(new URL(name, import.meta.url));

// Names without hashes: the server lets nothing be kept without asking, and its own pages use the same style sheet.
export default defineConfig({
  build: {
    cssCodeSplit: false,
    rollupOptions: {
      input: { page: page("index.html"), next: page("next.html") },
      output: {
        entryFileNames: "assets/[name].js",
        chunkFileNames: "assets/[name].js",
        assetFileNames: "assets/[name][extname]",
      },
    },
  },
});
