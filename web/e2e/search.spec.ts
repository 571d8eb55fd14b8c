import { expect, type Page, test } from '@playwright/test';
import { make, put, signIn } from './hubCalls';
import { latticeTiff } from './latticeTiff';
import { look } from './look';

const answers = (page: Page, query: string) =>
  page.evaluate(async (q) => ((await (await fetch(`/api/v1/search?q=${encodeURIComponent(q)}`)).json()) as { items: unknown[] }).items.length, query);

test('From the search box to a narrowed search whose address restores it', async ({ page }) => {
  await signIn(page);

  // Words that no other walk deposits.
  const word = `quartz${Date.now()}`;
  const project = await make(page, 'projects', { name: `Minerals ${word}` });
  const dataset = await make(page, `nodes/${project.id}/children`, { kind: 'dataset', name: 'Thin sections' });
  await put(page, dataset.id, `${word}-lattice.tif`, latticeTiff());
  for (const letter of ['a', 'b', 'c']) await put(page, dataset.id, `${word}/${letter}.xyz`, `note ${letter}`);
  await expect.poll(() => answers(page, word), { timeout: 60_000 }).toBe(4);
  await expect.poll(() => answers(page, `${word} pixel_size:*`), { timeout: 60_000 }).toBe(1);

  // `/` goes to the box; with nothing in it, it says what can be written.
  await page.keyboard.press('/');
  const box = page.getByRole('combobox', { name: 'Search' });
  await expect(box).toBeFocused();
  await expect(page.getByRole('option', { name: /^date:2017-03/ })).toBeVisible();
  await look(page, 'search-offers');

  // While one types: completions, and files with the reason why they were found.
  await box.fill(`${word} pixel_si`);
  const completion = page.getByRole('option', { name: /^pixel_size:/ });
  await expect(completion).toBeVisible();
  await box.press('ArrowDown');
  await expect(completion).toHaveAttribute('aria-selected', 'true');
  await box.press('Tab');
  await expect(box).toHaveValue(`${word} pixel_size:`);
  await box.fill(word);
  const file = page.getByRole('option', { name: new RegExp(`${word}-lattice`) });
  await expect(file.locator('b')).toHaveText(word);
  await expect(page.getByRole('option', { name: /^All results: 4/ })).toBeVisible();
  await look(page, 'search-typing');
  await box.press('Enter');

  // The page of what was found; the project of that name is offered too.
  await expect(page).toHaveURL(/\/search\?q=quartz/);
  const status = page.getByRole('main').getByRole('status').filter({ hasText: 'file' });
  await expect(status).toHaveText('4 files');
  await expect(page.getByRole('navigation', { name: 'Places of that name' }).getByRole('link', { name: /Minerals/ })).toBeVisible();
  await expect(page.getByRole('link', { name: new RegExp(`${word}-lattice`) }).locator('img')).toBeVisible();
  await look(page, 'search');

  // A facet narrows down, changes the text, and is taken away again.
  const facets = page.getByRole('complementary', { name: 'Narrow down' });
  await facets.getByRole('checkbox', { name: /^image/ }).click();
  await expect(box).toHaveValue(`${word} kind:"image"`);
  await expect(status).toHaveText('1 file');
  await expect(page).toHaveURL(/kind%3A%22image%22/);
  await page.keyboard.press('v');
  await expect(page.getByRole('columnheader', { name: 'Instrument' })).toBeVisible();
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('button').click();
  await expect(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending');
  await look(page, 'search-table');

  // The address holds all of it.
  const address = page.url();
  await page.goto('about:blank');
  await page.goto(address);
  await expect(box).toHaveValue(`${word} kind:"image"`);
  await expect(status).toHaveText('1 file');
  await expect(facets.getByRole('checkbox', { name: /^image/ })).toBeChecked();
  await expect(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending');

  // Kept, found again on the first page with what it finds now, and forgotten.
  await page.getByRole('button', { name: 'Save this search' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(`Pictures of ${word}`);
  await look(page, 'search-save');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('link', { name: 'Stemma' }).click();
  const kept = page.getByRole('region', { name: 'Saved searches' }).getByRole('link', { name: new RegExp(`Pictures of ${word} *1$`) });
  await kept.click();
  await expect(status).toHaveText('1 file');
  await page.goBack();
  await page.getByRole('button', { name: `More for the search Pictures of ${word}` }).click();
  await page.getByRole('menuitem', { name: 'Forget it' }).click();
  await expect(kept).toBeHidden();
  await page.goForward();
  await expect(status).toHaveText('1 file');

  await page.getByRole('list', { name: 'Narrowed down to' }).getByRole('button', { name: /^Kind of image/ }).click();
  await expect(box).toHaveValue(word);
  await expect(status).toHaveText('4 files');

  // What cannot be understood is marked, and what was found stays.
  await box.fill(`${word} pixel_size:200kV`);
  await box.press('Enter');
  await expect(page.getByRole('alert').locator('u')).toHaveText('200kV');
  await expect(page.getByRole('main').getByRole('link', { name: new RegExp(`${word}-lattice`) })).toBeVisible();
  await look(page, 'search-problem');

  // Nothing found: what was looked for, and what to leave out.
  await box.fill(`${word} tag:nothing`);
  await box.press('Enter');
  await expect(page.getByRole('heading', { name: 'No file has all of this' })).toBeVisible();
  await look(page, 'search-empty');
  await page.getByRole('list', { name: 'Narrowed down to' }).last().getByRole('button', { name: /^Tag/ }).click();
  await expect(status).toHaveText('4 files');
});
