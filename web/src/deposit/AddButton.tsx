import { Button, Menu } from '@mantine/core';
import { useRef } from 'react';
import { usePlace } from '../app/place';
import { Icon } from '../shared/Icon';
import { plannedFromInput } from './folders';
import { take } from './intake';

/** Buttons for what dropping does: files, or a folder with everything in it. */
export function AddButton({ variant = 'filled' }: { variant?: 'filled' | 'default' }) {
  const place = usePlace();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const picked = (input: HTMLInputElement) => {
    take(plannedFromInput(input.files ?? []), place);
    input.value = '';
  };
  return (
    <>
      <Menu>
        <Menu.Target><Button variant={variant} leftSection={<Icon name="upload" />}>Add</Button></Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => files.current?.click()}>Add files…</Menu.Item>
          <Menu.Item onClick={() => folder.current?.click()}>Add folder…</Menu.Item>
          <Menu.Label>Or drop them anywhere on the page</Menu.Label>
        </Menu.Dropdown>
      </Menu>
      <input ref={files} type="file" multiple hidden data-pick="files" aria-label="Files to add" onChange={(e) => picked(e.currentTarget)} />
      <input ref={folder} type="file" hidden data-pick="folder" aria-label="Folder to add" {...{ webkitdirectory: '' }} onChange={(e) => picked(e.currentTarget)} />
    </>
  );
}
