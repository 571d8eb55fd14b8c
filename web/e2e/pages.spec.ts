import { expect, test } from '@playwright/test';
import { api, areRead, fresh, make, makeAccount, put, signIn, URL_OF_HUB } from './hubCalls';
import { latticeTiff } from './latticeTiff';
import { look, PHONE } from './look';
import { spectrum, unknown, volume } from './madeFiles';

// The pages and dialogs that no other walk comes to; those are looked at on the way.

test('Files as what they are: a volume, a spectrum, a table, bytes', async ({ page }) => {
  await signIn(page);
  const project = await make(page, 'projects', { name: fresh('Kinds') });
  const dataset = await make(page, `nodes/${project.id}/children`, { kind: 'dataset', name: 'One of each' });
  const files = { 'ball.mrc': volume(), 'peak.mrc': spectrum(), 'counts.csv': 'angle;counts\n10;4\n20;9\n', 'unknown.xyz': unknown() };
  const sets: Record<string, string> = {};
  for (const [name, bytes] of Object.entries(files)) sets[name] = await put(page, dataset.id, name, bytes);
  await areRead(page, Object.values(sets));

  await page.goto(`${URL_OF_HUB}/file-sets/${sets['ball.mrc']}`);
  await expect(page.getByRole('img', { name: /^Preview/ })).toBeVisible();
  await expect(page.getByText(/(projections|slices) along z, y and x/).first()).toBeVisible();
  await look(page, 'volume');
  await page.goto(`${URL_OF_HUB}/file-sets/${sets['peak.mrc']}`);
  await expect(page.getByRole('img', { name: 'Spectrum along x' })).toBeVisible();
  await look(page, 'spectrum');
  await page.goto(`${URL_OF_HUB}/file-sets/${sets['counts.csv']}`);
  await expect(page.getByRole('columnheader', { name: 'counts' })).toBeVisible();
  await look(page, 'table-file');
  await page.goto(`${URL_OF_HUB}/file-sets/${sets['unknown.xyz']}`);
  await expect(page.getByText(/00000010/).first()).toBeVisible();
  await look(page, 'bytes');
  await page.getByRole('button', { name: /^More for/ }).click();
  await look(page, 'file-menu');
  await page.getByRole('menuitem', { name: 'Compare with…' }).click();
  await expect(page.getByRole('dialog', { name: /^Compare/ }).getByRole('button', { name: /ball\.mrc/ })).toBeVisible();
  await look(page, 'compare-choose');

  await page.goto(`${URL_OF_HUB}/nodes/${dataset.id}`);
  await expect(page.getByRole('link', { name: /ball\.mrc/ }).locator('img')).toBeVisible();
  await look(page, 'kinds');
});

test('A space: made, something placed in it with what that grants, and taken out again', async ({ page }) => {
  await signIn(page);
  const project = await make(page, 'projects', { name: fresh('Owned') });
  const dataset = await make(page, `nodes/${project.id}/children`, { kind: 'dataset', name: 'Placed data' });
  await put(page, dataset.id, 'lattice.tif', latticeTiff());
  const name = fresh('Over all');
  await page.getByRole('button', { name: 'New space' }).click();
  await look(page, 'space-new');
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('button', { name: 'Make the space' }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
  await expect(page.getByText('Nothing is placed here yet')).toBeVisible();
  await look(page, 'space-empty');
  const space = page.url();

  await page.goto(`${URL_OF_HUB}/nodes/${dataset.id}`);
  await page.getByRole('button', { name: 'More for Placed data' }).click();
  await look(page, 'node-menu');
  await page.getByRole('menuitem', { name: 'Show in a space…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Show Placed data/ });
  await dialog.getByRole('combobox', { name: 'Space', exact: true }).selectOption({ label: name });
  await dialog.getByRole('combobox', { name: /^Who sees the space may/ }).selectOption('guest');
  await look(page, 'space-place');
  await dialog.getByRole('button', { name: 'Show it there' }).click();
  await expect(dialog).toBeHidden();
  await page.goto(space);
  await expect(page.getByRole('main').getByRole('link', { name: /Placed data/ }).first()).toBeVisible();
  await expect(page.getByRole('link', { name: /lattice\.tif/ })).toBeVisible();
  await look(page, 'space');

  await page.getByRole('button', { name: 'What it shows' }).click();
  const shows = page.getByRole('dialog', { name: /^What .* shows$/ });
  const most = shows.getByRole('combobox', { name: 'At most, in Placed data' });
  await expect(most).toHaveValue('guest');
  await most.selectOption('viewer');
  await expect(most).toHaveValue('viewer');
  await look(page, 'space-shows');
  await shows.getByRole('button', { name: 'Take Placed data out of this space' }).click();
  await expect(shows.getByText('Nothing yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(most).toHaveValue('viewer');
});

test('Trash, settings, accounts, harvest sources, keys, moving, and what is not there', async ({ page }) => {
  await signIn(page);
  await makeAccount(page, 'Niels Holm');
  const project = await make(page, 'projects', { name: fresh('Odds and ends') });
  const dataset = await make(page, `nodes/${project.id}/children`, { kind: 'dataset', name: 'Yesterday' });
  await put(page, dataset.id, 'a-name-that-is-much-longer-than-the-tile-that-it-stands-on-2026-11-25.xyz', 'a');
  const gone = await put(page, dataset.id, 'gone.xyz', 'b');
  await api(page, 'DELETE', `file-sets/${gone}`);

  await page.goto(`${URL_OF_HUB}/trash`);
  await expect(page.getByRole('button', { name: 'Restore gone.xyz' })).toBeVisible();
  await look(page, 'trash');
  await page.goto(`${URL_OF_HUB}/settings`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await look(page, 'settings');
  await page.goto(`${URL_OF_HUB}/admin/accounts`);
  await expect(page.getByText('Niels Holm').first()).toBeVisible();
  await look(page, 'accounts');
  await page.goto(`${URL_OF_HUB}/admin/harvest`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await look(page, 'harvest');
  await page.goto(`${URL_OF_HUB}/nothing/here`);
  await expect(page.getByText(/^There is no such/)).toBeVisible();
  await look(page, 'not-found');

  await page.goto(`${URL_OF_HUB}/nodes/${dataset.id}`);
  await expect(page.getByRole('heading', { name: 'Yesterday', level: 1 })).toBeVisible();
  await page.keyboard.press('?');
  await look(page, 'keys');
  // Escape closes the dialog, and does no more.
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Yesterday', level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'More for Yesterday' }).click();
  await page.getByRole('menuitem', { name: 'Move to…' }).click();
  await look(page, 'move');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More for Yesterday' }).click();
  await page.getByRole('menuitem', { name: 'History' }).click();
  await expect(page.getByRole('dialog', { name: 'History of Yesterday' }).getByRole('listitem').first()).toBeVisible();
  await look(page, 'history');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Account of/ }).click();
  await look(page, 'account-menu');
});

test('A guest link opens what it was made for, and nothing beside it', async ({ page, browser }) => {
  await signIn(page);
  const project = await make(page, 'projects', { name: fresh('For guests') });
  const dataset = await make(page, `nodes/${project.id}/children`, { kind: 'dataset', name: 'To be shown' });
  const other = await make(page, `nodes/${project.id}/children`, { kind: 'dataset', name: 'Not to be shown' });
  await put(page, dataset.id, 'lattice.tif', latticeTiff());
  const { url } = await api<{ url: string }>(page, 'POST', `nodes/${dataset.id}/links`, { role: 'guest' });
  const guest = await (await browser.newContext()).newPage();
  await guest.goto(url);
  await expect(guest.getByRole('heading', { name: 'To be shown', level: 1 })).toBeVisible();
  await expect(guest.getByRole('link', { name: /lattice\.tif/ }).locator('img')).toBeVisible({ timeout: 60_000 });
  await look(guest, 'guest');
  await guest.goto(`${URL_OF_HUB}/nodes/${other.id}`);
  await expect(guest.getByText(/^There is no such/)).toBeVisible();
  await guest.context().close();
});

test('On a phone the tree and the facets come in from the side', async ({ page }) => {
  await signIn(page);
  const drawer = async (name: string, open: string) => {
    await page.setViewportSize(PHONE[0]!);
    await page.getByRole('button', { name: open }).click();
    await expect(page.getByRole('dialog', { name })).toBeVisible();
    await look(page, `drawer-${name.split(' ')[0]!.toLowerCase()}`, PHONE);
  };
  await drawer('Projects', 'Open the project tree');
  await page.goto(`${URL_OF_HUB}/search`);
  await drawer('Narrow down', 'Narrow down');
});
