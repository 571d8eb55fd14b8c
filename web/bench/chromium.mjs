// What the benches share: Chromium, a page with nothing cached, and a line of JSON for each figure.
import { chromium } from '@playwright/test';

const { STEMMA_TOKEN } = process.env;

export const browser = await chromium.launch({
  executablePath: process.env.STEMMA_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
});

export const tell = (figure) => console.log(JSON.stringify(figure));

/** Every page with nothing cached: each in a profile of its own. */
export async function fresh() {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, extraHTTPHeaders: { Authorization: `Bearer ${STEMMA_TOKEN}` } });
  return context.newPage();
}
