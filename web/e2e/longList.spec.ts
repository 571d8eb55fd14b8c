import { expect, type Page, test } from '@playwright/test';
import { fresh, make, signIn, URL_OF_HUB } from './hubCalls';
import { look } from './look';

const FILES = 1200;
const name = (number: number) => `n-${String(number).padStart(4, '0')}.xyz`;

/** To the end of the page. A page that has just been opened may still go to where it was left, or grow. */
const toEnd = (page: Page, last: () => Promise<void>) => expect(async () => {
  await page.evaluate(() => scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' }));
  await last();
}).toPass();

/** Deposits them from the page, a few at a time. */
const fill = (page: Page, dataset: string) => page.evaluate(async ([address, names]) => {
  const rest = [...names!];
  const take = async () => {
    for (let file = rest.shift(); file; file = rest.shift()) {
      const answer = await fetch(`/api/v1/nodes/${address as string}/files/${file}`, { method: 'PUT', body: file });
      if (!answer.ok) throw new Error(`${file}: ${answer.status} ${await answer.text()}`);
    }
  };
  await Promise.all(Array.from({ length: 5 }, take));
}, [dataset, Array.from({ length: FILES }, (_, i) => name(i))] as const);

test('A list of many files: to its middle at once, to its end, chosen as a whole, filtered by the hub', async ({ page }) => {
  await signIn(page);
  const project = await make(page, 'projects', { name: fresh('Long') });
  const dataset = await make(page, `nodes/${project.id}/children`, { kind: 'dataset', name: 'Many' });
  await fill(page, dataset.id);
  const asked: number[] = [];
  page.on('request', (request) => {
    const offset = /file-sets\?.*offset=(\d+)/.exec(request.url())?.[1];
    if (offset !== undefined) asked.push(Number(offset));
  });
  await page.goto(`${URL_OF_HUB}/nodes/${dataset.id}?sort=name`);
  const files = page.getByRole('region', { name: 'Files' });
  await expect(files.getByText('1,200 files', { exact: true })).toBeVisible();
  const tile = (number: number) => files.getByRole('link', { name: new RegExp(name(number)) });
  await expect(tile(0)).toBeVisible();

  // The scroll bar stands for the whole list: its middle is the middle, and what lies between is not fetched.
  await page.evaluate(() => scrollTo({ top: (document.documentElement.scrollHeight - innerHeight) / 2, behavior: 'instant' }));
  await expect(tile(600)).toBeInViewport();
  expect(asked.filter((offset) => offset === 300 || offset === 900)).toEqual([]);
  await look(page, 'long-list');
  await page.evaluate(() => scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' }));
  await expect(tile(FILES - 1)).toBeInViewport();

  // By keys, from one end to the other, choosing what lies between though it was never here.
  await tile(FILES - 1).focus();
  await page.keyboard.press('Home');
  await expect(tile(0)).toBeFocused();
  await page.keyboard.press('x');
  await page.keyboard.press('End');
  await expect(tile(FILES - 1)).toBeFocused();
  await tile(FILES - 1).click({ modifiers: ['Shift'] });
  const bar = page.getByRole('toolbar', { name: 'What is chosen' });
  await expect(bar).toContainText('1,200 files');
  await page.keyboard.press('Escape');
  await expect(bar).toBeHidden();

  // The hub looks through the names. What is chosen of what it finds stays chosen without the filter.
  const filter = page.getByRole('textbox', { name: /^Filter by name/ });
  await filter.fill('n-07 7.xyz');
  await expect(files.getByText('10 of 1,200 files')).toBeVisible();
  await tile(777).click({ modifiers: ['ControlOrMeta'] });
  await filter.press('Escape');
  await expect(files.getByText('1,200 files', { exact: true })).toBeVisible();
  await expect(bar).toContainText('1 file');
  await page.keyboard.press('Escape');

  // The file before the first of a sheet is in another one, which comes when it is needed.
  await page.goto(`${URL_OF_HUB}/nodes/${dataset.id}?sort=name`);
  await expect(tile(0)).toBeVisible();
  await toEnd(page, () => expect(tile(FILES - 1)).toBeInViewport({ timeout: 2000 }));
  await tile(FILES - 1).focus();
  await page.evaluate(() => scrollTo({ top: document.documentElement.scrollHeight * 11 / 12 - innerHeight / 2, behavior: 'instant' }));
  await tile(1100).click();
  await expect(page.getByRole('heading', { name: name(1100), level: 1 })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Previous/ })).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('heading', { name: name(1099), level: 1 })).toBeVisible();

  await page.goto(`${URL_OF_HUB}/nodes/${dataset.id}?sort=name&view=table`);
  await expect(page.getByRole('checkbox', { name: 'Choose all of the list' })).toBeVisible();
  await toEnd(page, () => expect(page.getByRole('row', { name: new RegExp(name(FILES - 1)) })).toBeInViewport({ timeout: 2000 }));
  await page.getByRole('checkbox', { name: 'Choose all of the list' }).click();
  await expect(bar).toContainText('1,200 files');
});
