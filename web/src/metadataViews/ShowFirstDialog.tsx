import { Alert, Button, Modal, Radio, Select } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client';
import { keys, queryClient, useMetadataViews, useVocabulary } from '../api/queries';
import type { FileSetDetail, MetadataView, NodeName, VocabularyTerm } from '../api/types';
import { labelOf, USUAL_TERMS } from '../files/facts';
import dialog from '../projects/dialogs.module.css';
import { ProblemView } from '../shared/ProblemView';
import { say } from '../shared/toasts';
import { Waiting } from '../shared/Waiting';
import { reachesOf, viewFor } from './reach';
import classes from './ShowFirst.module.css';
import { TermList } from './TermList';

interface Props {
  set: FileSetDetail;
  project: NodeName;
  onClose: () => void;
}

/** Chooses, for everybody in a project, which acquisition terms come first: of all files, or of those of one format or instrument. */
export default function ShowFirstDialog({ set, project, onClose }: Props) {
  const views = useMetadataViews(project.id);
  const vocabulary = useVocabulary();
  const failed = views.error ?? vocabulary.error;
  return (
    <Modal opened onClose={onClose} title="What is shown first">
      {failed ? <ProblemView error={failed} what="list" /> : !views.data || !vocabulary.data ? <Waiting for="the terms" />
        : <Choice set={set} project={project} views={views.data} vocabulary={vocabulary.data} onClose={onClose} />}
    </Modal>
  );
}

function Choice({ set, project, views, vocabulary, onClose }: Props & { views: MetadataView[]; vocabulary: VocabularyTerm[] }) {
  const reaches = reachesOf(set);
  const [reach, setReach] = useState(() => reaches.findLast((one) => viewFor(views, one)) ?? reaches[0]!);
  const view = viewFor(views, reach);
  const [terms, setTerms] = useState(() => view?.terms ?? set.shownFirst ?? USUAL_TERMS);
  const label = (term: string) => vocabulary.find(({ name }) => name === term)?.label ?? labelOf(term);
  const done = async () => {
    await Promise.all([queryClient.invalidateQueries({ queryKey: keys.metadataViews(project.id) }), queryClient.invalidateQueries({ queryKey: ['fileSet'] })]);
    onClose();
  };
  const save = useMutation({
    mutationFn: () => view
      ? call(`/metadata-views/${view.id}`, { method: 'PATCH', json: { terms }, version: view.version })
      : call(`/nodes/${project.id}/metadata-views`, { method: 'POST', json: { terms, format: reach.format, instrument: reach.instrument } }),
    onSuccess: done,
  });
  const forget = useMutation({
    mutationFn: () => call(`/metadata-views/${view!.id}`, { method: 'DELETE', version: view!.version }),
    onSuccess: async () => {
      await done();
      say(`Of ${reach.label} the usual facts come first again.`);
    },
  });
  const choose = (key: string) => {
    const next = reaches.find((one) => one.key === key)!;
    setReach(next);
    const chosen = viewFor(views, next);
    if (chosen) setTerms(chosen.terms);
  };
  const others = vocabulary.filter(({ name }) => !terms.includes(name));
  const isRecorded = (name: string) => Boolean(set.acquisition?.[name]);
  const error = save.error ?? forget.error;
  return (
    <form className={dialog.form} onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      <Radio.Group label={`In “${project.name}”, for everybody who sees it, of`} value={reach.key} onChange={choose}>
        <div className={classes.reaches}>{reaches.map(({ key, label: words }) => <Radio key={key} value={key} label={words} />)}</div>
      </Radio.Group>
      <TermList terms={terms} label={label} onChange={setTerms} />
      <Select label="Add" placeholder="Name of a term" searchable value={null} nothingFoundMessage="No such term in the vocabulary" onChange={(term) => term && setTerms([...terms, term])} disabled={terms.length >= 40}
        data={[
          { group: 'Recorded in this file', items: others.filter(({ name }) => isRecorded(name)).map(({ name, label: words }) => ({ value: name, label: words })) },
          { group: 'Others', items: others.filter(({ name }) => !isRecorded(name)).map(({ name, label: words }) => ({ value: name, label: words })) },
        ].filter(({ items }) => items.length)} />
      {error && <Alert color="red" variant="light" role="alert">{error.message}</Alert>}
      <div className={dialog.actions}>
        {view ? <Button variant="subtle" color="gray" loading={forget.isPending} onClick={() => forget.mutate()}>Show the usual ones</Button> : null}
        <Button variant="default" onClick={onClose}>Cancel</Button>
        <Button type="submit" disabled={!terms.length} loading={save.isPending}>Save</Button>
      </div>
    </form>
  );
}
