import { expect, test } from '@playwright/test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { latticeTiff } from './latticeTiff';
import { look, SIZES } from './look';

// Set by e2e/hub.ts, or by whoever names a hub to walk through.
const { STEMMA_URL: URL_OF_HUB = '', STEMMA_LOGIN: LOGIN = 'admin', STEMMA_PASSWORD: PASSWORD = '' } = process.env;

let temporary: string | undefined;
test.afterAll(() => {
  if (temporary) rmSync(temporary, { recursive: true, force: true });
});

/** A folder as an instrument leaves it: an image in a sub-folder and a note that no reader knows. */
function folder(): string {
  temporary = mkdtempSync(join(tmpdir(), 'stemma-e2e-'));
  const root = join(temporary, 'session');
  mkdirSync(join(root, 'images'), { recursive: true });
  writeFileSync(join(root, 'images', 'lattice.tif'), latticeTiff());
  writeFileSync(join(root, 'note.xyz'), 'Aligned at 14:05. Drift below 1 nm/min.\n');
  return root;
}

test('From signing in to reading a file’s metadata', async ({ page }) => {
  const refused: string[] = [];
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) refused.push(message.text());
  });

  await page.setViewportSize(SIZES[0]!);
  await page.goto(URL_OF_HUB);
  await expect(page.getByRole('heading', { name: 'Stemma' })).toBeVisible();
  await look(page, 'sign-in');
  await page.getByLabel('Login').fill(LOGIN);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Projects', level: 1 })).toBeVisible();
  await look(page, 'home');

  const project = `Walk ${new Date().toISOString()}`;
  await page.getByRole('button', { name: 'New project' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(project);
  await page.getByRole('button', { name: 'Make the project' }).click();
  await expect(page.getByRole('heading', { name: project, level: 1 })).toBeVisible();
  await expect(page.getByText('This project is empty')).toBeVisible();

  await page.locator('input[data-pick="folder"]').first().setInputFiles(folder());
  const tray = page.getByRole('region', { name: 'Uploads' });
  await expect(tray).toBeVisible();
  await expect(tray.getByText('1 read · 1 without a reader yet')).toBeVisible({ timeout: 60_000 });
  await expect(tray.getByText('2 files stored', { exact: true })).toBeVisible();
  await expect(tray.getByText(/^[0-9a-f]{12}…$/)).toHaveCount(2);
  await look(page, 'deposited');
  await tray.getByRole('button', { name: 'Clear finished' }).click();
  await expect(tray).toBeHidden();

  const picture = page.getByRole('link', { name: /lattice\.tif/ });
  await expect(picture.locator('img')).toHaveJSProperty('complete', true);
  await expect(page.getByRole('link', { name: /note\.xyz/ }).getByText('no reader yet')).toBeVisible();
  await picture.click();

  await expect(page.getByRole('heading', { name: 'lattice.tif' })).toBeVisible();
  const preview = page.getByRole('img', { name: /^Preview/ });
  await expect(preview).toBeVisible();
  expect(await preview.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await expect(page.getByRole('img', { name: /^Scale bar: \d+ nm$/ })).toBeVisible();
  await expect(page.getByText('Accelerating voltage')).toBeVisible();
  await look(page, 'file');

  await page.keyboard.press('m');
  const metadata = page.getByRole('group', { name: 'Original metadata' });
  await expect(metadata).toBeVisible();
  const filter = page.getByRole('textbox', { name: /Filter the metadata/ });
  await filter.click();
  await filter.fill('image');
  await expect(metadata.locator('mark').first()).toHaveText(/image/i);
  await filter.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'session' })).toBeVisible();

  // A file that no reader knows is shown as itself, and renamed where its name stands.
  await page.getByRole('link', { name: /note\.xyz/ }).click();
  await expect(page.getByText('Drift below 1 nm/min.')).toBeVisible();
  await page.keyboard.press('F2');
  await page.getByRole('textbox', { name: 'Path in the dataset' }).fill('images/lattice.tif');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('already');
  await look(page, 'renaming');
  await page.getByRole('textbox', { name: 'Path in the dataset' }).fill('images/note.log');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'images/note.log' })).toBeVisible();
  await look(page, 'text');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { name: 'note.xyz' })).toBeVisible();
  expect(refused).toEqual([]);
});
