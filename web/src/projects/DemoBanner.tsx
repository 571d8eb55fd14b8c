import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useLocation, useNavigate } from 'react-router-dom';
import { sayProblem } from '../shared/toasts';
import { removeDemo } from './changes';
import classes from './DemoBanner.module.css';

export function DemoBanner({ canRemove = true }: { canRemove?: boolean }) {
  const navigate = useNavigate();
  const location = useLocation();
  const remove = useMutation({
    mutationFn: removeDemo,
    onError: sayProblem,
    onSuccess: () => location.pathname !== '/' && void navigate('/'),
  });
  return (
    <p className={classes.banner}>
      <span>This is demo data, made by Stemma itself, to touch and try things on.</span>
      {canRemove && <Button variant="default" size="compact-sm" loading={remove.isPending} onClick={() => remove.mutate()}>Remove it</Button>}
    </p>
  );
}
