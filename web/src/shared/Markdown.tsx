import DOMPurify from 'dompurify';
import { marked } from 'marked';
import { useMemo } from 'react';
import classes from './Markdown.module.css';

/** What a person wrote, as text with emphasis, lists, tables and links. No HTML of theirs, no styles, nothing loaded from elsewhere. */
export default function Markdown({ text }: { text: string }) {
  const html = useMemo(() => DOMPurify.sanitize(marked.parse(text, { async: false, gfm: true }), {
    USE_PROFILES: { html: true },
    FORBID_TAGS: ['style', 'img', 'form', 'input', 'button', 'video', 'audio', 'picture', 'svg'],
    FORBID_ATTR: ['style', 'class', 'id'],
  }), [text]);
  return <div className={classes.markdown} dangerouslySetInnerHTML={{ __html: html }} />;
}
