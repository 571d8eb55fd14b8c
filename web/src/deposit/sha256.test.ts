import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Sha256 } from './sha256';

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);

test('Digests the known answers of FIPS 180-4', () => {
  expect(new Sha256().hex()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(new Sha256().update(new TextEncoder().encode('abc')).hex()).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test.each([1, 55, 56, 63, 64, 65, 119, 120, 1000, 100_003])('Agrees with the system’s digest over %d bytes, however they are cut', (length) => {
  const data = bytes(length);
  const expected = createHash('sha256').update(data).digest('hex');
  for (const part of [7, 64, 100, length]) {
    const hash = new Sha256();
    for (let at = 0; at < length; at += part) hash.update(data.subarray(at, at + part));
    expect(hash.hex()).toBe(expected);
  }
});
