import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core';
import { Icon } from '../shared/Icon';

const SCHEMES = [['auto', 'As the system'], ['light', 'Light'], ['dark', 'Dark']] as const;

export function SchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon size="lg" aria-label="Light or dark"><Icon name={colorScheme === 'dark' ? 'moon' : 'sun'} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map(([scheme, label]) => (
          <Menu.Item key={scheme} onClick={() => setColorScheme(scheme)} rightSection={colorScheme === scheme ? <Icon name="check" size={14} /> : null}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
