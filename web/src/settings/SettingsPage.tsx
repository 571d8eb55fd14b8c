import { useMe } from '../api/queries';
import { useTitle } from '../shared/useTitle';
import { PasswordForm } from './PasswordForm';
import classes from './settings.module.css';
import { Tokens } from './Tokens';

export default function SettingsPage() {
  useTitle('Settings');
  const me = useMe().data;
  if (!me) return null;
  return (
    <div className={classes.page}>
      <h1>Settings</h1>
      <p className={classes.quiet}>{me.name}, signed in as {me.login}</p>
      <Tokens />
      <PasswordForm />
    </div>
  );
}
