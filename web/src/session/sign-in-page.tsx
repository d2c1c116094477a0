import { Center, Paper, Text, Title } from '@mantine/core';
import { useEffect, type ReactElement } from 'react';
import { SignInForm } from './sign-in-form.js';
import classes from './sign-in-page.module.css';

/** The page of who is not signed in. */
export function SignInPage({ signedOut }: { readonly signedOut: boolean }): ReactElement {
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
          {signedOut ? 'You are signed out.' : 'Sign in to see, filter and compare trials.'}
        </Text>
        <SignInForm />
      </Paper>
    </Center>
  );
}
