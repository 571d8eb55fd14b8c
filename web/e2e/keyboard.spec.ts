import { expect, type Locator, type Page, test } from '@playwright/test';
import { api, fresh, make, put, URL_OF_HUB } from './hubCalls';
import { latticeTiff } from './latticeTiff';
import { SIZES } from './look';

/** More than there is on any page. */
const MOST = 80;

/** Presses Tab, or Shift and Tab, until the keyboard is at it, as somebody without a mouse does. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab') {
  await expect(target).toBeVisible();
  for (let i = 0; i < MOST; i++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${target} was not reached with ${MOST} times ${key}.`);
}

test('Without a mouse: sign in, search, narrow, open, go back, choose, tag, throw away and undo', async ({ page }) => {
  await page.setViewportSize(SIZES[0]!);
  await page.goto(URL_OF_HUB);
  await expect(page.getByLabel('Login')).toBeFocused();
  await page.keyboard.type(process.env.STEMMA_LOGIN ?? 'admin');
  await page.keyboard.press('Tab');
  await page.keyboard.type(process.env.STEMMA_PASSWORD ?? '');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Projects', level: 1 })).toBeVisible();

  const word = `olivine${Date.now()}`;
  const project = await make(page, 'projects', { name: fresh('Rocks') });
  const dataset = await make(page, `nodes/${project.id}/children`, { kind: 'dataset', name: 'Thin sections' });
  await put(page, dataset.id, `${word}.tif`, latticeTiff());
  for (const letter of ['a', 'b', 'c']) await put(page, dataset.id, `${word}-${letter}.xyz`, letter);
  const count = (query: string) => api<{ items: unknown[] }>(page, 'GET', `search?q=${encodeURIComponent(query)}`).then(({ items }) => items.length);
  await expect.poll(() => count(word), { timeout: 60_000 }).toBe(4);
  await expect.poll(() => count(`${word} kind:image`), { timeout: 60_000 }).toBe(1);

  // What came by the API, the page has not heard of.
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Projects', level: 1 })).toBeVisible();

  // Search, a facet, the hit, and back.
  await page.keyboard.press('/');
  await page.keyboard.type(word);
  await page.keyboard.press('Enter');
  const status = page.getByRole('main').getByRole('status').filter({ hasText: 'file' });
  await expect(status).toHaveText('4 files');
  await page.keyboard.press('Escape');
  await tabTo(page, page.getByRole('complementary', { name: 'Narrow down' }).getByRole('checkbox', { name: /^image/ }));
  await page.keyboard.press('Space');
  await expect(status).toHaveText('1 file');
  await tabTo(page, page.getByRole('main').getByRole('link', { name: new RegExp(`${word}\\.tif`) }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: `${word}.tif` })).toBeVisible();
  await expect(page.getByRole('img', { name: /^Preview/ })).toBeVisible();
  // Alt and the left arrow are the browser's own, which Playwright's keys do not reach.
  await page.goBack();
  await expect(status).toHaveText('1 file');

  // The palette leads to the dataset.
  await page.keyboard.press('ControlOrMeta+k');
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await expect(palette).toBeVisible();
  await page.keyboard.type('thin sections');
  await expect(palette.getByRole('option', { selected: true })).toContainText('Thin sections');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Thin sections', level: 1 })).toBeVisible();
  await expect(page.getByRole('link', { name: new RegExp(`${word}-c`) })).toBeVisible();

  // Two are chosen, and tagged.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowRight');
  const bar = page.getByRole('toolbar', { name: 'What is chosen' });
  await expect(bar).toContainText('2 files');
  await tabTo(page, bar.getByRole('button', { name: 'Tags…' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('combobox', { name: 'Add' })).toBeFocused();
  await page.keyboard.type('fresh');
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('dialog').getByRole('button', { name: 'Save' }));
  await page.keyboard.press('Enter');
  await expect(page.getByText('The tags of 2 files are changed.')).toBeVisible();

  // Thrown away from the menu of the selection, and back again.
  await tabTo(page, bar.getByRole('button', { name: 'More for what is chosen' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  // The menu listens to arrows once it has the focus, a moment after it is open.
  const toTrash = page.getByRole('menuitem', { name: 'Move to trash' });
  await expect(async () => {
    await page.keyboard.press('ArrowUp');
    await expect(toTrash).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Files' }).getByText('2 files', { exact: true })).toBeVisible();
  await tabTo(page, page.getByRole('status').filter({ hasText: 'went to the trash' }).getByRole('button', { name: 'Undo' }).last());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Files' }).getByText('4 files', { exact: true })).toBeVisible();
});
