import { Alert, Center, Paper, Text, Title } from '@mantine/core';
import { useEffect, type ReactElement } from 'react';
import { LINK_REFUSED } from './link-session.js';
import type { SessionEnd } from './session.js';
import { SignInForm } from './sign-in-form.js';
import classes from './sign-in-page.module.css';

/** The page of who is not signed in. */
export function SignInPage({ end }: { readonly end: SessionEnd }): ReactElement {
  useEffect(() => {
    document.title = 'Sign in – Trial metadata';
  }, []);
  return (
    <Center component="main" className={classes['page']}>
      <Paper withBorder radius="md" p="xl" className={classes['card']}>
        <Title order={1} size="h3" mb={4}>
          Trial metadata
        </Title>
        <Text c="dimmed" mb="lg">
          {end === 'signed-out' ? 'You are signed out.' : 'Sign in to see, filter and compare trials.'}
        </Text>
        {end === 'link-refused' && (
          <Alert color="orange" variant="light" mb="lg" title={LINK_REFUSED} role="alert">
            Sign in with another token, or ask for a new link.
          </Alert>
        )}
        <SignInForm />
      </Paper>
    </Center>
  );
}
