import { Anchor, Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { hostSignInUrl } from '../api/page-settings.js';
import { Dialog } from '../app/dialog.js';
import { resumeSession } from './session.js';

/** Stands before the page when the host no longer knows who is there, and goes on once he has signed in again. */
export function HostSessionDialog(): ReactElement {
  const queryClient = useQueryClient();
  const url = hostSignInUrl();
  const resume = (): void => {
    resumeSession();
    void queryClient.invalidateQueries();
  };
  return (
    <Dialog title="You are not signed in" centered>
      <Text size="sm">
        The server does not know who you are: your session has ended, or has not begun.{' '}
        {url === undefined ? 'Sign in to it' : 'Sign in'} in another tab, then come back and go on where you
        were.
      </Text>
      <Group justify="flex-end" mt="md">
        {url !== undefined && (
          <Anchor href={url} target="_blank" rel="noopener" size="sm">
            Sign in
          </Anchor>
        )}
        <Button onClick={resume}>Go on</Button>
      </Group>
    </Dialog>
  );
}
