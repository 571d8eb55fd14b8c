import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

export const SIZES = [{ width: 1440, height: 900 }, { width: 390, height: 844 }];
export const PHONE = [SIZES[1]!];
const SCHEMES = ['light', 'dark'] as const;

/** Looks at a view at desktop and phone size, light and dark: a picture to look at, no accessibility violations, no sideways scrolling. */
export async function look(page: Page, name: string, sizes = SIZES) {
  for (const viewport of sizes) {
    for (const colorScheme of SCHEMES) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(400);
      await page.screenshot({ path: `test-results/${name}-${viewport.width}-${colorScheme}.png` });
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`), `${name} at ${viewport.width} px, ${colorScheme}`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${name} scrolls sideways at ${viewport.width} px`).toBeLessThanOrEqual(0);
    }
  }
  await page.setViewportSize(SIZES[0]!);
}
