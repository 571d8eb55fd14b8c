import { expect, type Locator, type Page, test } from '@playwright/test';
import { fresh, signIn, URL_OF_HUB } from './hubCalls';
import { latticeTiff } from './latticeTiff';
import { look } from './look';

/** Presses at one place of the image, in fractions of it, and lets go at another. */
async function drag(page: Page, image: Locator, [x0, y0]: [number, number], [x1, y1]: [number, number]) {
  const { x, y, width, height } = (await image.boundingBox())!;
  await page.mouse.move(x + x0 * width, y + y0 * height);
  await page.mouse.down();
  await page.mouse.move(x + ((x0 + x1) / 2) * width, y + ((y0 + y1) / 2) * height);
  await page.mouse.move(x + x1 * width, y + y1 * height);
  await page.mouse.up();
}

test('A box is drawn, called “precipitate”, and found again after a reload', async ({ page }) => {
  await signIn(page);
  await page.getByRole('button', { name: 'New project' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(fresh('Marks'));
  await page.getByRole('button', { name: 'Make the project' }).click();
  await page.locator('input[data-pick="files"]').first().setInputFiles({ name: 'lattice.tif', mimeType: 'image/tiff', buffer: latticeTiff() });
  const tray = page.getByRole('region', { name: 'Uploads' });
  await expect(tray.getByText('1 read')).toBeVisible({ timeout: 60_000 });
  await tray.getByRole('button', { name: 'Clear finished' }).click();
  await page.getByRole('link', { name: /lattice\.tif/ }).first().click();
  const image = page.getByRole('img', { name: /^Preview/ });
  await expect(image).toBeVisible();

  await page.keyboard.press('b');
  await expect(page.getByRole('button', { name: 'Box' })).toHaveAttribute('aria-pressed', 'true');
  await drag(page, image, [0.3, 0.3], [0.45, 0.45]);
  const label = page.getByRole('textbox', { name: 'Label', exact: true });
  await expect(label).toBeFocused();
  await label.fill('precipitate');
  await page.keyboard.press('Enter');
  const list = page.getByRole('group', { name: 'List of annotations' });
  await expect(list.getByRole('button', { name: /precipitate Box/ })).toHaveAttribute('aria-pressed', 'true');
  await expect(page.getByText('Area')).toBeVisible();

  // A triangle, vertex by vertex, and one put in the middle by keyboard alone.
  await page.keyboard.press('g');
  const { x, y, width, height } = (await image.boundingBox())!;
  for (const [across, down] of [[0.6, 0.2], [0.9, 0.2], [0.75, 0.4], [0.6, 0.2]] as const) await page.mouse.click(x + across * width, y + down * height);
  await expect(label).toBeFocused();
  await label.fill('grain');
  await page.keyboard.press('Enter');
  await page.keyboard.press('e');
  await page.keyboard.press('Enter');
  await expect(page.getByText('3 annotations', { exact: true })).toBeVisible();
  await label.press('Escape');
  await page.keyboard.press('s');
  await page.keyboard.press('Delete');
  await expect(page.getByText('2 annotations', { exact: true })).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(page.getByText('3 annotations', { exact: true })).toBeVisible();
  await list.getByRole('button', { name: /grain Polygon/ }).click();
  await page.waitForTimeout(600);
  await look(page, 'annotations');

  await list.getByRole('button', { name: /precipitate Box/ }).click();
  await expect(page).toHaveURL(/annotation=/);
  const link = page.url().replace(/&zoom=[^&]*|zoom=[^&]*&/, '');
  await page.goto(`${URL_OF_HUB}/`);
  await page.goto(link);
  // The link shows the box near, described beside the image.
  await expect(label).toHaveValue('precipitate');
  await expect(page).toHaveURL(/zoom=/);
  const canvas = page.getByRole('img', { name: '3 annotations' });
  const { box, stage } = await boxOnStage(page, canvas);
  expect(Math.abs(box.x - stage.x)).toBeLessThan(3);
  expect(Math.abs(box.y - stage.y)).toBeLessThan(3);

  await page.keyboard.press('Escape');
  await expect(label).toBeHidden();
  await list.getByRole('button', { name: /precipitate Box/ }).click();
  await expect(label).toHaveValue('precipitate');
});

/** The centre of what is drawn as selected, from its white pixels, and that of the stage. */
async function boxOnStage(page: Page, canvas: Locator) {
  await page.waitForTimeout(500);
  return canvas.evaluate((element: HTMLCanvasElement) => {
    const { width, height } = element;
    const pixels = element.getContext('2d')!.getImageData(0, 0, width, height).data;
    let [left, right, top, bottom] = [width, 0, height, 0];
    for (let i = 0; i < width * height; i++) {
      if (pixels[4 * i]! < 250 || pixels[4 * i + 3]! < 250) continue;
      left = Math.min(left, i % width);
      right = Math.max(right, i % width);
      top = Math.min(top, Math.floor(i / width));
      bottom = Math.max(bottom, Math.floor(i / width));
    }
    return { box: { x: (left + right) / 2, y: (top + bottom) / 2 }, stage: { x: width / 2, y: height / 2 } };
  });
}
