import { expect, test } from 'vitest';
import type { Image } from '../api/types';
import { firstFacts, otherFacts } from './facts';

const set = {
  shownFirst: null,
  acquisition: {
    accelerating_voltage: { value: 300000, unit: 'V', source: 'ImageTags.Microscope Info.Voltage' },
    pixel_size: { value: 2e-10, unit: 'm', source: 'ImageData.Calibrations.Dimension.0.Scale' },
    acquisition_time: { value: '2020-01-02T13:14:15', unit: null, source: 'DataBar.Acquisition Date' },
    acquisition_time_as_written: { value: '1/2/2020 1:14:15 PM', unit: null, source: 'DataBar.Acquisition Date' },
    acquisition_time_zone: { value: 'not recorded', unit: null, source: 'DataBar.Acquisition Date' },
    dwell_time: { value: 4e-6, unit: 's', source: 'DigiScan.Sample Time' },
  },
};
const image = (scale: number | null): Image => ({
  index: 0, title: null, shape: [8, 8], pixelType: 'uint8', partial: null, thumbnailUrl: null, previewUrl: null, spectrumUrl: null, preview: null,
  axes: ['y', 'x'].map((name) => ({ name, role: 'signal', size: 8, scale, offset: null, unit: scale === null ? null : 'nm' })),
});
const value = (facts: ReturnType<typeof firstFacts>, label: string) => facts.find((fact) => fact.label === label);

test('Always says eight facts, recorded or not', () => {
  expect(firstFacts(set, undefined)).toHaveLength(8);
  expect(firstFacts({ acquisition: {}, shownFirst: null }, undefined).every((fact) => fact.value === null)).toBe(true);
});

test('Takes the pixel size of the image shown before that of the file', () => {
  expect(value(firstFacts(set, image(0.5)), 'Pixel size')!.value).toBe('0.5 nm');
  expect(value(firstFacts(set, image(null)), 'Pixel size')!.value).toBe('0.2 nm');
});

test('Calls the step of an axis what it is', () => {
  const along = (name: string, unit: string): Image => ({ ...image(0.005), axes: [{ name, role: 'signal', size: 1024, scale: 0.005, offset: null, unit }], preview: { horizontalAxis: 0 } as Image['preview'] });
  const labels = (name: string, unit: string) => firstFacts(set, along(name, unit))[3];
  expect(labels('energy', 'keV')).toMatchObject({ label: 'Energy per channel', value: '0.005 keV', note: 'calibration of axis energy' });
  expect(labels('energy_loss', 'eV')!.label).toBe('Energy per channel');
  expect(labels('t', 'ms')!.label).toBe('Time per step');
  expect(labels('kx', '1/nm')!.label).toBe('Pixel size');
  expect(labels('wavelength', 'nm')!.label).toBe('Step of wavelength');
});

test('Keeps the words of the instrument beside the date', () => {
  const date = value(firstFacts(set, undefined), 'Date')!;
  expect(date.value).toBe('2 Jan 2020, 13:14');
  expect(date.note).toBe('as written: 1/2/2020 1:14:15 PM, time zone: not recorded');
});

test('Lists the other terms with their units', () => {
  expect(otherFacts(set)).toEqual([{ label: 'Dwell time', value: '4 µs', source: 'DigiScan.Sample Time' }]);
});

test('Shows first what the project chose, in its order, and the rest among the others', () => {
  const chosen = { ...set, shownFirst: ['dwell_time', 'convergence_angle', 'acquisition_time'] };
  expect(firstFacts(chosen, undefined).map(({ label, value }) => [label, value])).toEqual([['Dwell time', '4 µs'], ['Convergence angle', null], ['Date', '2 Jan 2020, 13:14']]);
  expect(otherFacts(chosen).map(({ label }) => label)).toEqual(['Accelerating voltage', 'Pixel size']);
});
