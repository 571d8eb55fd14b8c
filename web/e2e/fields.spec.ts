import { expect, test } from '@playwright/test';
import { api, fresh, make, put, signIn, URL_OF_HUB } from './hubCalls';
import { look } from './look';

test('Defining fields, filling them in by hand and from a table', async ({ page }) => {
  await signIn(page);
  const { id: project } = await make(page, 'projects', { name: fresh('Fields') });
  await make(page, 'samples', { projectId: project, name: 'Lamella 3' });
  const { id: dataset } = await make(page, `nodes/${project}/children`, { kind: 'dataset', name: 'Eve' });
  const { id: other } = await make(page, `nodes/${project}/children`, { kind: 'dataset', name: 'Adam' });

  const file = await put(page, dataset, 'note.xyz', 'Drift below 1 nm/min.\n');

  // A ready-made template is taken and made one's own.
  await page.goto(`${URL_OF_HUB}/nodes/${project}`);
  const panel = page.getByRole('region', { name: 'Details by people' });
  await panel.getByRole('button', { name: 'Define fields…' }).click();
  const dialog = page.getByRole('dialog');
  await look(page, 'fields-templates');
  await dialog.getByRole('button', { name: 'Sample', exact: true }).click();
  await dialog.getByRole('checkbox', { name: 'the project' }).check();
  await dialog.getByRole('checkbox', { name: 'files' }).check();
  await dialog.getByRole('button', { name: 'Field', exact: true }).click();
  const added = dialog.getByRole('textbox', { name: 'Name of the field' }).last();
  await added.fill('Tilt');
  await dialog.getByRole('combobox', { name: 'Type of Tilt' }).selectOption('number');
  await dialog.getByRole('combobox', { name: 'Unit of Tilt' }).selectOption('°');
  await dialog.getByRole('button', { name: 'Move Tilt up' }).click();
  await look(page, 'fields-template');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('8 fields for')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();

  // A value of the project counts for the dataset.
  await panel.getByRole('button', { name: /empty field/ }).click();
  await panel.getByRole('button', { name: 'Material: change' }).click();
  await page.keyboard.type('Ti-6Al-4V');
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('button', { name: 'Material: change' })).toHaveText('Ti-6Al-4V');
  await panel.getByRole('button', { name: 'Licence: change' }).click();
  await page.keyboard.type('CC-BY-4.0');
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('button', { name: 'Licence: change' })).toHaveText('CC-BY-4.0');

  await page.goto(`${URL_OF_HUB}/nodes/${dataset}`);
  await expect(panel.getByText('Ti-6Al-4V')).toBeVisible();
  await expect(panel.getByText(/^from Fields/)).toHaveCount(2);
  await expect(panel.getByRole('button', { name: 'Sample: change' })).toHaveText('needed');
  await panel.getByRole('button', { name: 'Sample: change' }).click();
  await page.keyboard.type('lamella 3');
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('button', { name: 'Sample: change' })).toHaveText('Lamella 3');
  await expect(panel.getByRole('button', { name: 'Sample: change' })).toBeFocused();

  // What is wrong is told where it is written; Escape leaves it as it was; another unit is converted.
  await panel.getByRole('button', { name: /empty field/ }).click();
  await panel.getByRole('button', { name: 'Thickness: change' }).click();
  await page.keyboard.type('0,2');
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('alert')).toContainText('write a point');
  await look(page, 'fields-editing');
  await page.keyboard.press('Escape');
  await expect(panel.getByRole('button', { name: 'Thickness: change' })).toHaveText('add');
  await panel.getByRole('button', { name: 'Thickness: change' }).click();
  await page.keyboard.type('0.2 um');
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('button', { name: 'Thickness: change' })).toHaveText('200 nm');
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await expect(panel.getByRole('button', { name: 'Thickness: change' })).toHaveText('add');
  await panel.getByRole('button', { name: 'Sample form: change' }).click();
  await page.getByRole('combobox', { name: 'Sample form' }).selectOption('lamella');
  await page.keyboard.press('Enter');
  await panel.getByRole('button', { name: 'Only what is filled in' }).click();
  await look(page, 'fields-dataset');
  await panel.getByRole('button', { name: 'Earlier values' }).click();
  await expect(page.getByRole('dialog')).toContainText('200 nm');
  await look(page, 'fields-history');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

  // A file has what its dataset says, until something of its own goes before it.
  await page.goto(`${URL_OF_HUB}/file-sets/${file}`);
  await expect(panel.getByText('from Eve')).toHaveCount(2);
  await panel.getByRole('button', { name: 'Sample form: change' }).click();
  await page.getByRole('combobox', { name: 'Sample form' }).selectOption('powder');
  await page.keyboard.press('Enter');
  await expect(panel.getByText('from Eve')).toHaveCount(1);
  await look(page, 'fields-file');
  // What somebody else writes about the file is there without reloading.
  await api(page, 'PATCH', `file-sets/${file}/fields`, { values: { 'Sample form': 'bulk' } });
  await expect(panel.getByRole('button', { name: 'Sample form: change' })).toHaveText('bulk');

  // A table with a mistake changes nothing, and says where it is.
  await page.goto(`${URL_OF_HUB}/nodes/${project}`);
  await panel.getByRole('button', { name: 'Table…' }).click();
  const bring = (csv: string) => page.getByRole('dialog').locator('input[type="file"]').setInputFiles({ name: 'fields.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await bring(`id;Thickness;Sample form\n${dataset};80;lamella\n${other};thin;lamella\n`);
  await expect(page.getByRole('dialog')).toContainText('1 mistake');
  await look(page, 'fields-table-mistakes');
  await bring(`id;Thickness;Sample form\n${dataset};80;lamella\n${other};0.1 µm;lamella\n`);
  await expect(page.getByRole('dialog')).toContainText('This would change');
  await look(page, 'fields-table');
  await page.getByRole('button', { name: 'Change 3 values' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.goto(`${URL_OF_HUB}/nodes/${other}`);
  await expect(panel.getByRole('button', { name: 'Thickness: change' })).toHaveText('100 nm');
});
