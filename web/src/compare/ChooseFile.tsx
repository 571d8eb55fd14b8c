import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { address } from '../api/client';
import { fileSetsOf } from '../api/listAddress';
import { sheetOf } from '../api/lists';
import type { FileSetDetail } from '../api/types';
import { wordsOf } from '../files/metadataRows';
import { baseName, folderOf } from '../files/names';
import { FilterInput } from '../shared/FilterInput';
import { Waiting } from '../shared/Waiting';
import { candidates, neighbouringFiles, openedFiles } from './candidates';
import classes from './ChooseFile.module.css';

/** More are found by their name. */
const MOST = 60;

/** Files to choose from: those opened lately, the neighbours in the list one came from, and the others of the dataset. */
export function ChooseFile({ set, onChoose }: { set: FileSetDetail; onChoose: (id: string) => void }) {
  const [filter, setFilter] = useState('');
  const dataset = useQuery(sheetOf(fileSetsOf(set.datasetId, { sort: 'name', filter }), 0));
  const words = wordsOf(filter);
  const all = candidates([openedFiles().slice(0, 6), neighbouringFiles(set.id), dataset.data?.items ?? []], set.id, words);
  const more = Math.max(all.length, dataset.data?.total ?? 0) - MOST;
  return (
    <>
      <FilterInput label="Filter by name or format" placeholder="Filter by name or format" value={filter} onChange={setFilter} />
      {!all.length && dataset.isLoading ? <Waiting for="the files" /> : (
        <ul className={classes.list} aria-label="Files to compare with">
          {all.slice(0, MOST).map((other) => (
            <li key={other.id}>
              <button type="button" onClick={() => onChoose(other.id)} title={other.name}>
                <span className={classes.thumbnail}>{other.thumbnail && <img src={address(other.thumbnail)} alt="" loading="lazy" width={40} height={40} />}</span>
                <span className={classes.name}><span className={classes.quiet}>{folderOf(other.name)}</span>{baseName(other.name)}</span>
                <span className={classes.quiet}>{other.formatName}</span>
              </button>
            </li>
          ))}
          {!all.length && <li className={classes.quiet}>{words.length ? `No file here is called “${filter}”.` : 'There is no other file in this dataset. Open the other file first, then come back here.'}</li>}
          {more > 0 && <li className={classes.quiet}>and {more.toLocaleString('en-US')} more: filter by name.</li>}
        </ul>
      )}
    </>
  );
}
