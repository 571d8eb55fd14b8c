import { Button } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import { useHomes, useMe } from '../api/queries';
import { nodesChanged } from '../api/queries';
import { usePageActions } from '../palette/pageActions';
import { RecentList } from '../recent/RecentList';
import { SavedList } from '../search/SavedList';
import { FilterInput } from '../shared/FilterInput';
import { Icon } from '../shared/Icon';
import { ProblemView } from '../shared/ProblemView';
import { useQueryState } from '../shared/useQueryState';
import { useTitle } from '../shared/useTitle';
import { Waiting } from '../shared/Waiting';
import { createHome } from './changes';
import { DemoBanner } from './DemoBanner';
import { Empty } from './Empty';
import classes from './HomePage.module.css';
import { NameDialog } from './NameDialog';
import { NodeCards } from './NodeCards';

export default function HomePage() {
  useTitle('Projects');
  const me = useMe().data;
  const projects = useHomes('projects');
  const shared = useHomes('shared');
  const spaces = useHomes('spaces');
  const [making, setMaking] = useState<'project' | 'space' | null>(null);
  const [filter, setFilter] = useQueryState('q', '');
  const navigate = useNavigate();
  usePageActions(me ? [{ label: 'New project…', run: () => setMaking('project') }, { label: 'New space…', run: () => setMaking('space') }] : []);
  if (projects.isError) return <ProblemView error={projects.error} retry={() => void projects.refetch()} />;
  if (!projects.data) return <Waiting for="the projects" />;
  const shown = projects.data.filter(({ name }) => name.toLowerCase().includes(filter.trim().toLowerCase()));
  const newProject = <Button leftSection={<Icon name="plus" />} onClick={() => setMaking('project')}>New project</Button>;
  return (
    <>
      <div className={classes.head}>
        <h1>Projects</h1>
        <span className={classes.space} />
        {projects.data.length > 8 && (
          <FilterInput label="Filter the projects" placeholder="Filter" value={filter} onChange={setFilter} />
        )}
        {me && <Button variant="default" onClick={() => setMaking('space')}>New space</Button>}
        {me && projects.data.length > 0 && newProject}
      </div>
      {projects.data.some((project) => project.isDemo) && <DemoBanner />}
      {projects.data.length === 0 ? (
        <Empty title="No projects yet" action={me ? newProject : null}>
          Your projects, and those that others share with you, would be here. Make one, or drop a folder of images anywhere on this page and it becomes one.
        </Empty>
      ) : shown.length ? <NodeCards nodes={shown} label="Projects" /> : <p>No project’s name contains “{filter}”.</p>}
      <SavedList />
      <RecentList />
      {shared.data && shared.data.length > 0 && (
        <section className={classes.section}>
          <h2>Shared with you</h2>
          <p className={classes.about}>Parts of projects that you do not see as a whole.</p>
          <NodeCards nodes={shared.data} label="Shared with you" />
        </section>
      )}
      {spaces.data && spaces.data.length > 0 && (
        <section className={classes.section}>
          <h2>Spaces</h2>
          <p className={classes.about}>Views over many projects, without copying.</p>
          <NodeCards nodes={spaces.data} label="Spaces" />
        </section>
      )}
      {making && (
        <NameDialog
          title={`New ${making}`}
          about={making === 'project' ? 'A project is where data live: collections, datasets and files. You own it and decide who sees it.' : 'A space gathers collections and datasets of several projects in one view. Nothing is copied.'}
          action={`Make the ${making}`}
          onSubmit={async (name) => {
            const made = await createHome(making, name);
            nodesChanged();
            await navigate(`/nodes/${made.id}`);
          }}
          onClose={() => setMaking(null)}
        />
      )}
    </>
  );
}
