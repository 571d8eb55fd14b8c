import { useRouteError } from 'react-router-dom';
import { ProblemView } from '../shared/ProblemView';

/** A view that broke, or whose code could not be fetched (as after an update of the hub). */
export function RouteProblem() {
  return <ProblemView error={useRouteError()} retry={() => location.reload()} />;
}
