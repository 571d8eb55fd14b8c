import { type Browser, expect, type Page, test } from '@playwright/test';
import { api, areRead, fresh, make, makeAccount, pageOf, put, signIn, URL_OF_HUB } from './hubCalls';
import { latticeTiff } from './latticeTiff';
import { look } from './look';

interface Stage {
  vera: Awaited<ReturnType<typeof makeAccount>>;
  project: string;
  dataset: string;
  /** Ids of file sets by their names. */
  sets: Record<string, string>;
}

let stage: Stage;
/** What the browser refused to load or run. */
let refused: string[] = [];

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage();
  stage = await setStage(page);
  await page.close();
});
test.beforeEach(({ page }) => {
  refused = [];
  listen(page);
});
test.afterEach(() => expect(refused).toEqual([]));

function listen(page: Page) {
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) refused.push(message.text());
  });
}

/** One page that says so in large letters. */
function pdf(): Buffer {
  const stream = 'BT /F1 40 Tf 20 100 Td (Calibration report) Tj ET';
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>', '<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${stream.length}>>stream\n${stream}\nendstream`, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>'];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, i) => {
    const at = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  return Buffer.from(`${text}xref\n0 6\n0000000000 65535 f \n${offsets.join('')}trailer<</Size 6/Root 1 0 R>>\nstartxref\n${text.length}\n%%EOF`, 'latin1');
}

const README = `# Etching series

Made by **Vera**. <script>window.ran = true</script> <img src="x" onerror="window.ran = true">

![The lattice](lattice.tif) ![From elsewhere](https://example.org/spy.png)

| specimen | seconds |
|---|---|
| A | 30 |
`;

async function setStage(page: Page): Promise<Stage> {
  await signIn(page);
  const vera = await makeAccount(page, 'Vera Linden');
  const project = await make(page, 'projects', { name: fresh('Etching') });
  const dataset = await make(page, `nodes/${project.id}/children`, { kind: 'dataset', name: 'Series 1' });
  await api(page, 'PUT', `nodes/${project.id}/grants/${vera.id}`, { role: 'viewer' });
  const other = Buffer.from(latticeTiff().toString('latin1').replace('min=0.0', 'min=1.0'), 'latin1');
  const files: [string, Buffer][] = [['lattice.tif', latticeTiff()], ['lattice2.tif', other], ['README.md', Buffer.from(README)], ['report.pdf', pdf()], ['broken.tif', latticeTiff().subarray(0, 60)]];
  const sets: Record<string, string> = {};
  for (const [name, bytes] of files) sets[name] = await put(page, dataset.id, name, bytes);
  await areRead(page, Object.values(sets));
  return { vera, project: project.id, dataset: dataset.id, sets };
}

async function asVera(browser: Browser): Promise<Page> {
  const page = await pageOf(browser, stage.vera);
  listen(page);
  return page;
}

test('Notes with their earlier texts, and comments of two people who see each other’s at once', async ({ page, browser }) => {
  await signIn(page);
  await page.goto(`${URL_OF_HUB}/file-sets/${stage.sets['lattice.tif']}`);
  await expect(page.getByRole('img', { name: /^Preview/ })).toBeVisible();
  await page.keyboard.press('n');
  await page.getByRole('button', { name: 'Write a note' }).click();
  const text = page.getByRole('textbox', { name: 'Text of the note' });
  await expect(text).toBeFocused();
  await text.fill('Etched for *30 s*.');
  await text.press('Control+Enter');
  const note = page.getByRole('article', { name: /^Note by/ });
  await expect(note.locator('em')).toHaveText('30 s');
  await note.getByRole('button', { name: 'Edit' }).click();
  await page.getByRole('textbox', { name: 'Text of the note' }).fill('Etched for *40 s*.');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(note.locator('em')).toHaveText('40 s');
  await note.getByRole('button', { name: /^changed/ }).click();
  const texts = page.getByRole('dialog', { name: 'Texts of this note' });
  await expect(texts.getByRole('listitem')).toHaveCount(2);
  await expect(texts.getByText('the present text')).toBeVisible();
  await texts.getByRole('button', { name: 'Use this text again' }).click();
  await expect(texts).toBeHidden();
  await expect(note.locator('em')).toHaveText('30 s');

  const vera = await asVera(browser);
  await vera.goto(`${URL_OF_HUB}/file-sets/${stage.sets['lattice.tif']}?tab=notes`);
  await expect(vera.getByRole('article', { name: /^Note by/ })).toBeVisible();
  await expect(vera.getByRole('button', { name: 'Write a note' })).toHaveCount(0);
  await vera.getByRole('textbox', { name: 'Write a comment' }).fill('Which holder?');
  await vera.getByRole('button', { name: 'Comment', exact: true }).click();
  // Told by the event stream: nobody reloads.
  const comment = page.getByRole('article', { name: `Comment by ${stage.vera.name}` });
  await expect(comment.getByText('Which holder?')).toBeVisible();
  await comment.getByRole('button', { name: 'Answer' }).click();
  await page.getByRole('textbox', { name: `Answer ${stage.vera.name}` }).fill('The cold one.');
  await page.getByRole('button', { name: 'Answer' }).last().click();
  await expect(vera.getByText('The cold one.')).toBeVisible();
  // Nothing is half behind the header when targets are measured.
  await page.evaluate(() => scrollTo(0, 0));
  await look(page, 'notes');
  await comment.first().getByRole('button', { name: 'Delete' }).click();
  await expect(vera.getByText(`A comment of ${stage.vera.name} was deleted.`)).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(vera.getByText('Which holder?')).toBeVisible();
  await vera.context().close();

  await page.goto(`${URL_OF_HUB}/nodes/${stage.dataset}`);
  await page.getByRole('button', { name: 'Notes and comments' }).click();
  await page.getByRole('textbox', { name: 'Write a comment' }).fill('Of the whole series.');
  await page.getByRole('textbox', { name: 'Write a comment' }).press('Control+Enter');
  await expect(page.getByRole('button', { name: '1 comment' })).toBeVisible();
  await look(page, 'dataset-notes');
});

test('Two files beside each other, with what differs', async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_OF_HUB}/file-sets/${stage.sets['lattice.tif']}`);
  await page.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: 'Compare with…' }).click();
  const dialog = page.getByRole('dialog', { name: /^Compare lattice\.tif/ });
  await dialog.getByRole('textbox').fill('lattice2');
  await dialog.getByRole('button', { name: /lattice2\.tif/ }).click();
  await expect(page).toHaveURL(new RegExp(`/compare\\?a=${stage.sets['lattice.tif']}&b=${stage.sets['lattice2.tif']}`));
  const pictures = page.getByRole('img', { name: /^Preview/ });
  await expect(pictures).toHaveCount(2);
  await expect(pictures.first()).toBeVisible();

  const placed = (index: number) => pictures.nth(index).evaluate(({ style }: HTMLElement) => `${style.width} ${style.transform}`);
  const before = await placed(1);
  await page.getByRole('button', { name: 'Zoom in' }).first().click();
  await expect.poll(() => placed(1)).not.toBe(before);
  expect(await placed(0)).toBe(await placed(1));
  await page.keyboard.press('0');
  await expect.poll(() => placed(0)).toBe(before);

  const lines = page.getByRole('group', { name: 'Compared line by line' });
  await expect(lines.getByRole('row', { name: /ImageJ\.min/ })).toContainText('≠');
  await expect(lines.getByText('Pixel type')).toBeVisible();
  await look(page, 'compare');
  await page.getByRole('switch', { name: 'Only differences' }).click();
  await expect(lines.getByText('Pixel type')).toBeHidden();
  await page.getByRole('button', { name: 'Swap' }).click();
  await expect(page).toHaveURL(new RegExp(`a=${stage.sets['lattice2.tif']}&b=${stage.sets['lattice.tif']}.*only=on`));
  await expect(page.getByRole('region', { name: 'File A' }).getByRole('link', { name: 'lattice2.tif' })).toBeVisible();
  await expect(lines.getByText('Pixel type')).toBeHidden();
});

test('A project chooses what is shown first, by keyboard', async ({ page }) => {
  await signIn(page);
  await page.goto(`${URL_OF_HUB}/file-sets/${stage.sets['lattice.tif']}`);
  const facts = page.getByRole('region', { name: 'Facts' });
  await expect(facts.locator('dt').first()).toHaveText('Instrument');
  await facts.getByRole('button', { name: 'Choose what is shown first…' }).click();
  const dialog = page.getByRole('dialog', { name: 'What is shown first' });
  const specimen = dialog.getByRole('button', { name: /^Specimen, number/ });
  await specimen.focus();
  for (let i = 0; i < 7; i++) await page.keyboard.press('ArrowUp');
  await expect(dialog.getByRole('button', { name: 'Specimen, number 1. Arrow keys move it.' })).toBeFocused();
  await dialog.getByRole('button', { name: /^Take Nominal magnification/ }).click();
  await look(page, 'shown-first');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  await expect(facts.locator('dt').first()).toHaveText('Specimen');
  await expect(facts.locator('dl').first().locator('dt')).toHaveCount(7);
});

test('Texts and PDFs as they are meant, failures with the way on, access with its reasons', async ({ page, context }) => {
  await signIn(page);
  await page.goto(`${URL_OF_HUB}/file-sets/${stage.sets['README.md']}`);
  const rendered = page.getByRole('group', { name: 'README.md' });
  await expect(rendered.getByRole('heading', { name: 'Etching series' })).toBeVisible();
  await expect(rendered.getByText('<script>window.ran = true</script>')).toBeVisible();
  await expect(rendered.locator('img')).toHaveCount(1);
  // A TIFF, which no browser shows by itself.
  await expect.poll(() => rendered.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await expect(rendered.getByText('[picture: From elsewhere]')).toBeVisible();
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
  await expect(page.getByRole('tab', { name: 'Metadata' })).toHaveCount(0);
  await expect(page.getByRole('tab', { name: 'Axes' })).toHaveCount(0);
  await look(page, 'readme');
  await page.getByRole('switch', { name: 'As it is written' }).click();
  await expect(page.getByText('# Etching series')).toBeVisible();

  await page.goto(`${URL_OF_HUB}/file-sets/${stage.sets['report.pdf']}`);
  // Headless Chromium may have no viewer: then it is to be downloaded.
  if (await page.evaluate(() => navigator.pdfViewerEnabled)) await expect(page.locator('iframe[title="report.pdf"]')).toHaveAttribute('src', /^blob:/);
  else await expect(page.getByText('Download it to read it.')).toBeVisible();

  await page.goto(`${URL_OF_HUB}/file-sets/${stage.sets['broken.tif']}`);
  await expect(page.getByText('reading failed').first()).toBeVisible();
  await look(page, 'failed');
  await page.getByRole('button', { name: 'Read again' }).click();
  await expect(page.getByText('It will be read again as soon as a worker is free.')).toBeVisible();

  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${URL_OF_HUB}/nodes/${stage.dataset}`);
  await page.getByRole('button', { name: 'Share' }).click();
  const share = page.getByRole('dialog', { name: /^Share/ });
  await expect(share.getByText(/^because the project “Etching .*”, which this is in, is shared with them/).first()).toBeVisible();
  await share.getByRole('button', { name: 'Make a link' }).click();
  await expect(share.getByText(/^Whoever has it may see without downloading, until .* \(30 days left\)/)).toBeVisible();
  await look(page, 'shared');
  await share.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(share.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await share.getByRole('textbox', { name: 'Guest link' }).inputValue());
});
