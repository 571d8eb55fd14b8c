import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const hub = process.env.STEMMA_URL ?? 'http://127.0.0.1:5480';
const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const AHEAD = source('src/api/ahead.ts');
const MAIN = source('src/main.tsx');

interface Graph {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

/** Everything that a module needs before it runs. */
function neededBy(id: string, graph: Graph, found = new Set<string>()): Set<string> {
  if (found.has(id)) return found;
  found.add(id);
  for (const other of graph.getModuleInfo(id)?.importedIds ?? []) neededBy(other, graph, found);
  return found;
}

let needed: { ahead: Set<string>; main: Set<string> } | null = null;

/** What the first view needs is one file, and not one for each part that later views share: every file is a request, and there are six at a time. */
function chunkOf(id: string, graph: Graph): string | null {
  needed ??= { ahead: neededBy(AHEAD, graph), main: neededBy(MAIN, graph) };
  return needed.ahead.has(id) ? 'ahead' : needed.main.has(id) ? 'main' : null;
}

/** The script that asks ahead (src/api/ahead.ts) runs as soon as it is here, not in its turn after the styles. */
const runsAhead: Plugin = {
  name: 'runs-ahead',
  apply: 'build',
  transformIndexHtml: { order: 'post', handler: (html) => html.replace(/<script type="module"(?=[^>]* src="\/assets\/ahead-)/, '<script type="module" async') },
};

export default defineConfig({
  plugins: [react(), runsAhead],
  server: { proxy: { '/api': hub, '/openapi': hub } },
  // Browsers of 2024 and later: nothing is transpiled away, so CSS and JavaScript stay small.
  build: {
    target: ['chrome123', 'firefox128', 'safari17.5'], modulePreload: { polyfill: false }, reportCompressedSize: true,
    rolldownOptions: {
      input: { index: source('index.html'), ahead: AHEAD },
      output: { codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: chunkOf }] } },
    },
  },
  worker: { format: 'es' },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
