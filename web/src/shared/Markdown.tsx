import DOMPurify from 'dompurify';
import { useMemo } from 'react';
import { address } from '../api/client';
import { type ImageSource, markdownHtml, ownImage } from './markdownHtml';
import classes from './Markdown.module.css';

/** What a person wrote, as text with emphasis, lists, tables, links and pictures of this hub. No HTML of theirs, no styles, nothing loaded from elsewhere. */
export default function Markdown({ text, image = ownImage }: { text: string; image?: ImageSource }) {
  const html = useMemo(() => {
    const source: ImageSource = (href) => {
      const found = image(href);
      return found && address(found);
    };
    return DOMPurify.sanitize(markdownHtml(text, source), {
      USE_PROFILES: { html: true },
      FORBID_TAGS: ['style', 'form', 'input', 'button', 'video', 'audio', 'picture', 'svg'],
      FORBID_ATTR: ['style', 'class', 'id', 'srcset'],
    });
  }, [text, image]);
  return <div className={classes.markdown} dangerouslySetInnerHTML={{ __html: html }} />;
}
