import type { Capability } from '../api/types';

export interface Role {
  name: string;
  label: string;
  means: string;
}

/** The roles that can be given, weakest first. */
export const ROLES: Role[] = [
  { name: 'guest', label: 'Guest', means: 'see without downloading' },
  { name: 'viewer', label: 'Viewer', means: 'see and download' },
  { name: 'editor', label: 'Editor', means: 'see, download, add, change and process' },
  { name: 'owner', label: 'Owner', means: 'do everything, also share and remove' },
];

/** A grant in words: its role, or its capabilities where they are no role. */
export const roleWords = (role: string | null, capabilities: Capability[]) => ROLES.find(({ name }) => name === role)?.label ?? capabilities.join(', ');
