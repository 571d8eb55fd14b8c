import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../api/types';
import { editable, linkWritten, pageOf, shown } from './words';

const value = (some: Partial<FieldValue>): FieldValue => ({ text: '', number: null, written: null, date: null, person: null, link: null, setBy: { id: '', name: 'Ada' }, setAt: '2026-03-14T10:00:00Z', ...some });
const ID = '01a211fb-2e16-76cf-b7b6-3d3c942aea51';

describe('A value', () => {
  it('is shown with its unit and changed as it was written', () => {
    const thickness = value({ text: '200', number: 200, written: '0.2 µm' });
    expect(shown(thickness, 'nm')).toBe('200 nm');
    expect(editable(thickness)).toBe('0.2 µm');
    expect(shown(value({ text: '0', number: 0 }), null)).toBe('0');
  });

  it('that is a link is shown by the name of what it leads to', () => {
    const sample = value({ text: `sample:${ID}`, link: { kind: 'sample', id: ID, url: null, name: 'S12' } });
    expect(shown(sample, null)).toBe('S12');
    expect(editable(sample)).toBe('S12');
    expect(pageOf(sample)).toBeNull();
    expect(pageOf(value({ link: { kind: 'fileSet', id: ID, url: null, name: 'a.dm3' } }))).toBe(`/file-sets/${ID}`);
    // What one does not see has no name, and no page.
    const unseen = value({ text: `node:${ID}`, link: { kind: 'node', id: ID, url: null, name: null } });
    expect(shown(unseen, null)).toMatch(/do not see/);
    expect(editable(unseen)).toBe(`node:${ID}`);
    expect(pageOf(unseen)).toBeNull();
  });

  it('that is the address of a page of this hub becomes a link to what it shows', () => {
    expect(linkWritten(` https://hub.example/nodes/${ID}?view=table`, 'https://hub.example')).toBe(`node:${ID}`);
    expect(linkWritten(`https://hub.example/file-sets/${ID}`, 'https://hub.example')).toBe(`file-set:${ID}`);
    expect(linkWritten(`https://other.example/nodes/${ID}`, 'https://hub.example')).toBe(`https://other.example/nodes/${ID}`);
    expect(linkWritten('https://hub.example/trash', 'https://hub.example')).toBe('https://hub.example/trash');
    expect(linkWritten('S12', 'https://hub.example')).toBe('S12');
  });
});
