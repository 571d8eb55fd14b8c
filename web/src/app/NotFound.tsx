import { Problem } from '../api/client';
import { ProblemView } from '../shared/ProblemView';
import { useTitle } from '../shared/useTitle';

export function NotFound() {
  useTitle('Not found');
  return <ProblemView error={new Problem(404, '', '', null, null)} />;
}
