import { Button, NativeSelect, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client';
import type { Page, Principal } from '../api/types';
import { principalWords } from './principalWords';
import { ROLES } from './roles';
import classes from './ShareDialog.module.css';

/** Finds a person or group by name and gives them a role. */
export function AddPrincipal({ onAdd }: { onAdd: (principal: string, role: string) => Promise<unknown> }) {
  const [search, setSearch] = useState('');
  const [sought] = useDebouncedValue(search.trim(), 200);
  const [chosen, setChosen] = useState<string | null>(null);
  const [role, setRole] = useState('viewer');
  const found = useQuery({
    queryKey: ['principals', sought],
    enabled: sought.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const answer = await call<Principal[] | Page<Principal>>(`/principals?q=${encodeURIComponent(sought)}`, { signal });
      return Array.isArray(answer) ? answer : answer.items;
    },
  });
  const add = async () => {
    if (!chosen) return;
    await onAdd(chosen, role).catch(() => {});
    setChosen(null);
    setSearch('');
  };
  return (
    <form className={classes.add} onSubmit={(event) => { event.preventDefault(); void add(); }}>
      <Select className={classes.search} label="Share with" placeholder="Name of a person or group" searchable clearable value={chosen} onChange={setChosen} searchValue={search} onSearchChange={setSearch}
        data={(found.data ?? []).map((principal) => ({ value: principal.id, label: principalWords(principal) }))} filter={({ options }) => options}
        nothingFoundMessage={sought ? (found.isFetching ? 'Looking…' : `Nobody is called “${sought}”`) : 'Type a name'} />
      <NativeSelect label="as" value={role} onChange={(e) => setRole(e.currentTarget.value)} data={ROLES.map(({ name, label }) => ({ value: name, label }))} className={classes.role} />
      <Button type="submit" disabled={!chosen}>Share</Button>
      <p className={classes.means}>{ROLES.find(({ name }) => name === role)?.label} may {ROLES.find(({ name }) => name === role)?.means}.</p>
    </form>
  );
}
