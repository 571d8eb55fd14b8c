import { Button, Menu } from '@mantine/core';
import { Link, useLocation, useNavigate } from 'react-router-dom';
import { call } from '../api/client';
import { forgetGuestLink } from '../api/guest';
import { stopWatching } from '../api/live';
import { queryClient, useMe } from '../api/queries';
import { forgetRecent } from '../recent/recent';
import { forgetSearches } from '../search/recentSearches';
import { Icon } from '../shared/Icon';
import { sayProblem } from '../shared/toasts';
import classes from './AccountMenu.module.css';

export function AccountMenu({ showKeys }: { showKeys: () => void }) {
  const me = useMe().data;
  const navigate = useNavigate();
  const location = useLocation();
  const signOut = async () => {
    try {
      await call('/sign-in', { method: 'DELETE' });
    } catch (error) {
      return sayProblem(error);
    }
    stopWatching();
    forgetGuestLink();
    if (me) {
      forgetRecent(me.id);
      forgetSearches(me.id);
    }
    queryClient.clear();
    await navigate('/sign-in');
  };
  if (!me) return <Button component={Link} to={`/sign-in?to=${encodeURIComponent(location.pathname)}`} variant="default" size="compact-md" className={classes.signIn}>Sign in</Button>;
  return (
    <Menu width={220}>
      <Menu.Target>
        <Button variant="subtle" color="gray" size="compact-md" className={classes.button} leftSection={<Icon name="person" />} aria-label={`Account of ${me.name}`}>
          <span className={classes.name}>{me.name}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Signed in as {me.login}</Menu.Label>
        <Menu.Item component={Link} to="/settings">Settings and tokens</Menu.Item>
        <Menu.Item component={Link} to="/trash">Trash</Menu.Item>
        <Menu.Item onClick={showKeys} rightSection={<kbd>?</kbd>}>Keyboard</Menu.Item>
        {me.isAdministrator && (
          <>
            <Menu.Divider />
            <Menu.Label>Administration</Menu.Label>
            <Menu.Item component={Link} to="/admin/accounts">Accounts</Menu.Item>
            <Menu.Item component={Link} to="/admin/harvest">Harvest sources</Menu.Item>
            <Menu.Item component={Link} to="/admin/readers">Readers</Menu.Item>
          </>
        )}
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
