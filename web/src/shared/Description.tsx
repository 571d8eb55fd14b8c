import { lazy, Suspense } from 'react';

const Markdown = lazy(() => import('./Markdown'));

/** A Markdown text; shown plain for the moment that its renderer needs to arrive. */
export function Description({ text }: { text: string }) {
  return (
    <Suspense fallback={<p>{text}</p>}>
      <Markdown text={text} />
    </Suspense>
  );
}
