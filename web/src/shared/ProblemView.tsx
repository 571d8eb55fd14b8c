import { Button } from '@mantine/core';
import { Link } from 'react-router-dom';
import { Problem } from '../api/client';
import classes from './ProblemView.module.css';

interface Words {
  title: string;
  text: string;
}

/** A whole view that could not be shown: what happened and what to do. */
export function ProblemView({ error, what = 'page', retry }: { error: unknown; what?: string; retry?: () => void }) {
  const { title, text } = wordsFor(error, what);
  return (
    <section className={classes.view} role="alert">
      <h1>{title}</h1>
      <p>{text}</p>
      <div className={classes.actions}>
        {retry && <Button variant="default" onClick={retry}>Try again</Button>}
        <Button component={Link} to="/" variant={retry ? 'subtle' : 'default'}>Go to your projects</Button>
      </div>
    </section>
  );
}

function wordsFor(error: unknown, what: string): Words {
  if (!(error instanceof Problem)) return { title: `The ${what} could not be shown`, text: error instanceof Error ? error.message : String(error) };
  switch (error.status) {
    case 0:
      return { title: 'The hub can’t be reached', text: 'Check the network, or whether the hub is running. Nothing that was stored is affected.' };
    case 403:
      return { title: 'You may not do this here', text: error.nextStep ?? 'Your access does not include it. Someone who manages this project can change that under Share.' };
    case 404:
      return { title: `There is no such ${what}, or it is not shared with you`, text: 'The address may be mistyped, it may have been moved to the trash, or your access may have ended. Ask the person who sent you the link to share it with you.' };
    default:
      return { title: error.title, text: [error.detail, error.nextStep].filter(Boolean).join(' ') };
  }
}
