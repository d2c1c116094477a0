import {
  ActionIcon,
  Anchor,
  Menu,
  Text,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { IconBraces, IconLogout, IconMoon, IconRefresh, IconSun, IconUser } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { useState, type ReactElement } from 'react';
import { endSession, useSession } from '../session/session.js';
import { useMe } from '../session/use-me.js';
import { Selections, type Selection } from '../table/use-selection.js';
import { focusContent } from './focus-back.js';
import { ProjectSelect } from './project-select.js';
import classes from './root-layout.module.css';

const PAGES = [
  { to: '/trials', label: 'Trials' },
  { to: '/experiments', label: 'Experiments' },
  { to: '/charts', label: 'Charts' },
] as const;

/** What is around every page: where to go, which project, light or dark, who is signed in. */
export function RootLayout(): ReactElement {
  const [selections] = useState(() => new Map<string, Selection>());
  return (
    <div className={classes['layout']}>
      <Anchor href="#content" className={classes['skip']} onClick={skipToContent}>
        Skip to the content
      </Anchor>
      <header className={classes['header']}>
        <span className={classes['brand']}>
          <IconBraces size={22} aria-hidden />
          <Text component="span" fw={650} className={classes['name']}>
            Trial metadata
          </Text>
        </span>
        <nav className={classes['nav']} aria-label="Pages">
          {PAGES.map(({ to, label }) => (
            <Link key={to} to={to} className={classes['link']} activeProps={{ 'data-active': true }}>
              {label}
            </Link>
          ))}
        </nav>
        <div className={classes['end']}>
          <ProjectSelect />
          <RefreshButton />
          <ColorSchemeButton />
          <UserMenu />
        </div>
      </header>
      <main id="content" tabIndex={-1} className={classes['main']}>
        <Selections value={selections}>
          <Outlet />
        </Selections>
      </main>
    </div>
  );
}

// Not by the address's fragment, which would resolve against <base href> and leave the page.
function skipToContent(event: { preventDefault: () => void }): void {
  event.preventDefault();
  focusContent();
}

/** Asks for everything again that is shown; what is shown later is then asked for anew too. */
function RefreshButton(): ReactElement {
  const queryClient = useQueryClient();
  const refresh = useMutation({ mutationFn: () => queryClient.invalidateQueries() });
  return (
    <Tooltip label="Refresh">
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label="Refresh"
        // Not Mantine's `loading`, which disables the button and so takes the focus from it.
        aria-busy={refresh.isPending}
        className={classes['refresh']}
        onClick={() => refresh.mutate()}
      >
        <IconRefresh size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

function ColorSchemeButton(): ReactElement {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const label = dark ? 'Show in light colours' : 'Show in dark colours';
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(dark ? 'light' : 'dark')}
      >
        {dark ? <IconSun size={18} aria-hidden /> : <IconMoon size={18} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}

function UserMenu(): ReactElement | null {
  const me = useMe();
  const { token } = useSession();
  const queryClient = useQueryClient();
  const signOut = (): void => {
    queryClient.clear();
    endSession('signed-out');
  };
  // Where the host has signed the user in, it also signs him out.
  if (token === null) return me === undefined || me.name === '' ? null : <Text size="sm">{me.name}</Text>;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Your account">
          <IconUser size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {me !== undefined && me.name !== '' && (
          <Menu.Label>
            {me.name}
            {me.administrator ? ' (administrator)' : ''}
          </Menu.Label>
        )}
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
