import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { Dialog } from '../app/dialog.js';
import { SignInForm } from './sign-in-form.js';

/** Stands before the page when the server no longer takes the token; there is nothing to go back to before signing in. */
export function ExpiredDialog(): ReactElement {
  return (
    <Dialog title="Your session has expired" centered>
      <Text size="sm" mb="md">
        The server no longer takes your token. Sign in again to go on where you were.
      </Text>
      <SignInForm />
    </Dialog>
  );
}
