import { defineConfig } from '@playwright/test';

// `./test` counts what this says.
process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ??= 'test-results/report.json';

/** One walk through the application in Chromium, against a hub of its own or the one that STEMMA_URL names (see e2e/hub.ts). */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/failures',
  globalSetup: './e2e/hub.ts',
  timeout: 180_000,
  workers: 1,
  reporter: 'list',
  use: {
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.STEMMA_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    },
  },
});
