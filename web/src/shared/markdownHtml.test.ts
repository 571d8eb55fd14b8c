import { expect, test } from 'vitest';
import { markdownHtml, ownImage } from './markdownHtml';

const FILE = '/api/v1/files/01890a5d-ac96-774b-bcce-b302099a8057/content';

test('HTML in the text stays text', () => {
  const html = markdownHtml('Hello <b onclick="x()">you</b>\n\n<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>', ownImage);
  expect(html).not.toMatch(/<(b|script|img)/);
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

test('Shows pictures of the hub and names the others', () => {
  expect(markdownHtml(`![Eve](${FILE})`, ownImage)).toContain(`<img src="${FILE}" alt="Eve"`);
  for (const href of ['https://example.org/x.png', '//example.org/x.png', 'data:image/png;base64,AAAA', '/api/v1/me', `${FILE}/../../../me`, 'fig.png'])
    expect(markdownHtml(`![Eve](${href})`, ownImage)).not.toContain('<img');
});

test('What stands in a picture’s words stays words', () => {
  expect(markdownHtml('![a"><script>](x.png)', () => FILE)).not.toContain('<script>');
});

test('Knows tables and lists', () => {
  expect(markdownHtml('| a | b |\n|---|---|\n| 1 | 2 |', ownImage)).toContain('<td>1</td>');
});
