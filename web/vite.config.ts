import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const hub = process.env.STEMMA_URL ?? 'http://127.0.0.1:5480';

export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/api': hub, '/openapi': hub } },
  // Browsers of 2024 and later: nothing is transpiled away, so CSS and JavaScript stay small.
  build: { target: ['chrome123', 'firefox128', 'safari17.5'], modulePreload: { polyfill: false }, reportCompressedSize: true },
  worker: { format: 'es' },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
