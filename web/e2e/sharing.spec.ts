import { expect, type Page, test } from '@playwright/test';
import { api, fresh, make, makeAccount, pageOf, put, signIn, URL_OF_HUB } from './hubCalls';

const found = (page: Page, query: string) =>
  api<{ items: { file: { name: string } }[] }>(page, 'GET', `search?q=${encodeURIComponent(query)}`).then(({ items }) => items.map(({ file }) => file.name).sort());

test('A project is shared with another account, who sees exactly that, and no longer once it is taken back', async ({ page, browser }) => {
  await signIn(page);
  const word = `spinel${Date.now()}`;
  const [shown, hidden] = [fresh('Shown'), fresh('Hidden')];
  const depositIn = async (name: string, file: string) => {
    const project = await make(page, 'projects', { name });
    const dataset = await make(page, `nodes/${project.id}/children`, { kind: 'dataset', name: `Data of ${name}` });
    return { project: project.id, dataset: dataset.id, set: await put(page, dataset.id, file, `bytes of ${file}`) };
  };
  const mine = await depositIn(shown, `${word}-shown.xyz`);
  const secret = await depositIn(hidden, `${word}-hidden.xyz`);
  await expect.poll(() => found(page, word), { timeout: 60_000 }).toEqual([`${word}-hidden.xyz`, `${word}-shown.xyz`]);
  const mira = await makeAccount(page, `Mira ${word}`);
  const other = await pageOf(browser, mira);
  await expect(other.getByText('No projects yet')).toBeVisible();

  // Given in the dialog, as a viewer.
  await page.goto(`${URL_OF_HUB}/nodes/${mine.project}`);
  await page.getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog', { name: /^Share/ });
  await dialog.getByRole('combobox', { name: 'Share with' }).fill(mira.name);
  await page.getByRole('option', { name: mira.name }).first().click();
  await dialog.getByRole('combobox', { name: 'as', exact: true }).selectOption('viewer');
  await dialog.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(dialog.getByRole('combobox', { name: `Role of ${mira.name}` })).toHaveValue('viewer');

  // The list, the tree, the search and the palette of the other: this project and no other.
  await other.reload();
  const cards = other.getByRole('main').getByRole('list', { name: 'Projects' });
  await expect(cards.getByRole('link')).toHaveCount(1);
  await expect(cards.getByRole('link')).toContainText(shown);
  const tree = other.getByRole('navigation', { name: 'Projects and spaces' });
  await expect(tree.getByRole('link', { name: shown })).toBeVisible();
  await expect(tree.getByRole('link', { name: hidden })).toHaveCount(0);
  await other.keyboard.press('/');
  await other.getByRole('combobox', { name: 'Search' }).fill(word);
  await other.keyboard.press('Enter');
  await expect(other.getByRole('main').getByRole('status').filter({ hasText: 'file' })).toHaveText('1 file');
  await expect(other.getByRole('main').getByRole('link', { name: new RegExp(`${word}-shown`) })).toBeVisible();
  await other.keyboard.press('ControlOrMeta+k');
  await other.keyboard.type('Hidden');
  await expect(other.getByRole('dialog', { name: 'Command palette' }).getByRole('option', { name: new RegExp(hidden) })).toHaveCount(0);
  await other.keyboard.press('Escape');

  // A viewer looks and takes, and is not offered to change anything.
  await other.goto(`${URL_OF_HUB}/nodes/${mine.project}`);
  await expect(other.getByRole('heading', { name: shown, level: 1 })).toBeVisible();
  await expect(other.getByRole('link', { name: new RegExp(`${word}-shown`) })).toBeVisible();
  for (const name of ['Share', 'New', 'Add files']) await expect(other.getByRole('button', { name, exact: true })).toHaveCount(0);
  const refusal = (path: string) => other.evaluate(async (address) => (await fetch(`/api/v1/${address}`)).status, path);
  for (const path of [`nodes/${secret.project}`, `nodes/${secret.dataset}/file-sets`, `file-sets/${secret.set}`]) expect(await refusal(path), path).toBe(404);
  await other.goto(`${URL_OF_HUB}/nodes/${secret.project}`);
  await expect(other.getByRole('heading', { name: /^There is no such/ })).toBeVisible();

  // Taken back: gone everywhere.
  await dialog.getByRole('button', { name: `Take access from ${mira.name}` }).click();
  await expect(dialog.getByText(mira.name)).toHaveCount(0);
  await other.goto(URL_OF_HUB);
  await expect(other.getByText('No projects yet')).toBeVisible();
  await expect(tree.getByRole('link', { name: shown })).toHaveCount(0);
  expect(await found(other, word)).toEqual([]);
  expect(await refusal(`file-sets/${mine.set}`)).toBe(404);
  await other.context().close();
});
