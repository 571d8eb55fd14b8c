import type { Principal } from '../api/types';

/** What tells one apart from another of the same name: the login of a person, the kind of all else. */
export const besideName = ({ kind, login }: Principal) => (kind === 'account' ? login : kind);

export const principalWords = (principal: Principal) => `${principal.name} (${besideName(principal)})`;
