import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { fresh, make, put, signIn, URL_OF_HUB } from './hubCalls';
import { latticeTiff } from './latticeTiff';
import { look } from './look';
import { unzip } from './unzip';

test('Choosing several file sets, tagging, downloading, moving and throwing them away', async ({ page }) => {
  await signIn(page);

  const name = fresh('Grains');
  const project = await make(page, 'projects', { name });
  const dataset = await make(page, `nodes/${project.id}/children`, { kind: 'dataset', name: 'Day 1' });
  await make(page, `nodes/${project.id}/children`, { kind: 'dataset', name: 'Day 2' });
  await make(page, `nodes/${project.id}/children`, { kind: 'collection', name: 'Old days' });
  const texts = ['a', 'b', 'c', 'd'];
  for (const letter of texts) await put(page, dataset.id, `notes/${letter}.xyz`, `note ${letter}`);
  await put(page, dataset.id, 'lattice.tif', latticeTiff());
  await page.goto(`${URL_OF_HUB}/nodes/${project.id}?sort=name`);
  const tile = (file: string) => page.getByRole('link', { name: new RegExp(file) });
  await expect(tile('lattice.tif').locator('img')).toBeVisible({ timeout: 60_000 });

  // A tile of a project says which dataset it is of; a click opens; Ctrl and Shift choose.
  await expect(tile('a.xyz')).toContainText('Day 1');
  const bar = page.getByRole('toolbar', { name: 'What is chosen' });
  await expect(bar).toBeHidden();
  await tile('a.xyz').click({ modifiers: ['ControlOrMeta'] });
  await tile('c.xyz').click({ modifiers: ['Shift'] });
  await expect(bar).toContainText('3 files');
  await page.getByRole('checkbox', { name: 'Choose b.xyz' }).click();
  await expect(bar).toContainText('2 files');
  await look(page, 'selection');
  await page.keyboard.press('i');
  await expect(page.getByRole('complementary', { name: 'Details' })).toContainText('2 files');
  await page.keyboard.press('i');

  // Tags, and the way back.
  await bar.getByRole('button', { name: 'Tags…' }).click();
  await page.getByRole('combobox', { name: 'Add' }).fill('grain');
  await page.keyboard.press('Enter');
  await look(page, 'selection-tags');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The tags of 2 files are changed.')).toBeVisible();
  await page.getByRole('textbox', { name: /^Filter by name/ }).fill('grain');
  await expect(page.getByText('2 of 5 files')).toBeVisible();
  await page.getByRole('textbox', { name: /^Filter by name/ }).press('Escape');
  await expect(page.getByRole('region', { name: 'Files' }).getByText('5 files', { exact: true })).toBeVisible();

  // The archive holds what was chosen.
  const coming = page.waitForEvent('download');
  await bar.getByRole('button', { name: 'Download as zip' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('Day 1.zip');
  const entries = unzip(readFileSync(await download.path()));
  expect([...entries].map(([path, bytes]) => `${path}: ${bytes.toString()}`).sort()).toEqual(['Day 1/notes/a.xyz: note a', 'Day 1/notes/c.xyz: note c']);

  // Moved to another dataset, and back.
  await bar.getByRole('button', { name: 'Move to…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name }).click();
  await dialog.getByRole('button', { name: 'Day 2' }).click();
  await dialog.getByRole('button', { name: 'Move here' }).click();
  await expect(tile('a.xyz')).toContainText('Day 2');
  await page.getByRole('status').filter({ hasText: 'moved to “Day 2”' }).getByRole('button', { name: 'Undo' }).last().click();
  await expect(tile('a.xyz')).toContainText('Day 1');

  await bar.getByRole('button', { name: 'More for what is chosen' }).click();
  await page.getByRole('menuitem', { name: 'Move to trash' }).click();
  await expect(tile('a.xyz')).toBeHidden();
  await expect(page.getByRole('region', { name: 'Files' }).getByText('3 files', { exact: true })).toBeVisible();
  await page.getByRole('status').filter({ hasText: 'went to the trash' }).getByRole('button', { name: 'Undo' }).last().click();
  await expect(tile('a.xyz')).toBeVisible();

  // In the tree a dataset is dragged onto a collection, and comes back.
  const tree = page.getByRole('navigation', { name: 'Projects and spaces' });
  await tree.getByRole('button', { name: `Open ${name}` }).click();
  await tree.getByRole('link', { name: 'Day 2' }).dragTo(tree.getByRole('link', { name: 'Old days' }));
  await expect(page.getByText('“Day 2” is now in “Old days”.')).toBeVisible();
  await page.getByRole('status').filter({ hasText: 'is now in “Old days”' }).getByRole('button', { name: 'Undo' }).last().click();
  await expect(page.getByRole('list', { name: 'Collections and datasets' }).getByText('Day 2')).toBeVisible();
});

test('By keyboard alone: choose, look at details, go elsewhere, rename and describe', async ({ page }) => {
  await signIn(page);
  const name = fresh('Keys');
  const project = await make(page, 'projects', { name });
  const dataset = await make(page, `nodes/${project.id}/children`, { kind: 'dataset', name: 'Quasicrystals' });
  for (const letter of ['a', 'b', 'c']) await put(page, dataset.id, `${letter}.xyz`, letter);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Projects', level: 1 })).toBeVisible();

  // The palette knows what lies in the projects.
  await page.keyboard.press('ControlOrMeta+k');
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await expect(palette.getByRole('option', { name: /^New project/ })).toBeVisible();
  await page.keyboard.type('quasi');
  await expect(palette.getByRole('option', { selected: true })).toContainText('Quasicrystals');
  await look(page, 'palette');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Quasicrystals', level: 1 })).toBeVisible();

  const bar = page.getByRole('toolbar', { name: 'What is chosen' });
  await expect(page.getByRole('link', { name: /a\.xyz/ })).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(bar).toContainText('2 files');
  await page.keyboard.press('ControlOrMeta+a');
  await expect(bar).toContainText('3 files');
  await page.keyboard.press('Escape');
  await expect(bar).toBeHidden();
  await page.keyboard.press('i');
  await expect(page.getByRole('complementary', { name: 'Details' }).getByRole('heading', { name: /\.xyz/ })).toBeVisible();
  await look(page, 'details');
  // The sheet of the phone has gone, and with it its hold on the keys.
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('i');
  await expect(page.getByRole('complementary', { name: 'Details' })).toBeHidden();
  await page.keyboard.press('v');
  await expect(page.getByRole('checkbox', { name: 'Choose all of the list' })).toBeVisible();
  await look(page, 'selection-table');
  await page.keyboard.press('v');

  await page.keyboard.press('F2');
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Approximants');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Approximants', level: 1 })).toBeVisible();
  await page.keyboard.press('e');
  await page.getByRole('textbox', { name: 'Description' }).fill('Grown in *March*.');
  await look(page, 'describing');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(page.getByText('March', { exact: true })).toHaveCSS('font-style', 'italic');

  // What was seen last is on the first page and in the palette.
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('projects');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Recently seen' }).getByRole('link', { name: /Approximants/ })).toBeVisible();
  await look(page, 'home-recent');
});
