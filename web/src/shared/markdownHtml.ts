import { Marked } from 'marked';

/** The address under which a picture may be shown; null for one that is only named. */
export type ImageSource = (href: string) => string | null;

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** Pictures that the hub itself has, and no others: whoever writes a text must not learn who reads it. */
export const ownImage: ImageSource = (href) => (/^\/api\/v1\/(files\/[0-9a-f-]{36}\/content|file-sets\/[0-9a-f-]{36}\/images\/\d+\/(thumbnail|preview))(\?v=[0-9a-f]+)?$/.test(href) ? href : null);

/** Markdown as HTML. HTML that stands in the text stays text. */
export function markdownHtml(text: string, image: ImageSource): string {
  const marked = new Marked({
    gfm: true,
    async: false,
    renderer: {
      html: ({ text: html }) => escaped(html),
      image: ({ href, text: words }) => {
        const source = image(href);
        return source ? `<img src="${escaped(source)}" alt="${escaped(words)}" loading="lazy">` : `<span>[picture: ${escaped(words || href)}]</span>`;
      },
    },
  });
  return marked.parse(text, { async: false });
}
