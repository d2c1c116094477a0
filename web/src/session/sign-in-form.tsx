import { Alert, Button, PasswordInput, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement, type SyntheticEvent } from 'react';
import { ApiError } from '../api/api-error.js';
import { signIn } from '../api/sign-in.js';
import { isRefusal, proveToken } from './prove-token.js';
import { startSession } from './session.js';

type Way = 'token' | 'password';

/** Asks for a token, or a name and a password, and starts a session once the server has said that they count. */
export function SignInForm(): ReactElement {
  const queryClient = useQueryClient();
  const [way, setWay] = useState<Way>('token');
  const [token, setToken] = useState('');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    if (way === 'token' ? token.trim() === '' : name.trim() === '' || password === '') {
      setProblem(way === 'token' ? 'Enter your token.' : 'Enter your name and your password.');
      return;
    }
    setBusy(true);
    try {
      const proven = way === 'token' ? token.trim() : await signIn(name.trim(), password);
      await proveToken(proven);
      startSession(proven);
      await queryClient.invalidateQueries();
    } catch (error) {
      setProblem(explain(error, way));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} onChange={() => setProblem(null)} noValidate>
      <Stack>
        <SegmentedControl
          aria-label="How to sign in"
          value={way}
          onChange={(value) => setWay(value === 'password' ? 'password' : 'token')}
          data={[
            { value: 'token', label: 'Token' },
            { value: 'password', label: 'Name and password' },
          ]}
        />
        {way === 'token' ? (
          <PasswordInput
            label="Token"
            description="The one that you were given for this server. It stays in this browser until you sign out."
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the token' }}
            autoComplete="off"
            autoFocus
            // In a dialog, which else puts the focus on the first of its parts.
            data-autofocus
          />
        ) : (
          <>
            <TextInput
              label="Name"
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              autoComplete="username"
              autoFocus
            />
            <PasswordInput
              label="Password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
              autoComplete="current-password"
            />
          </>
        )}
        {problem !== null && (
          <Alert color="red" variant="light" role="alert">
            {problem}
          </Alert>
        )}
        <Button type="submit" loading={busy}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}

function explain(error: unknown, way: Way): string {
  if (isRefusal(error)) {
    return way === 'token'
      ? 'The server does not know this token. Check that it is whole, or ask the administrator for a new one.'
      : 'The server does not know this name with this password. Check both; upper and lower case count in the password.';
  }
  if (error instanceof ApiError && error.status === 404 && way === 'password') {
    return 'This server takes no name and password here. Sign in with a token.';
  }
  return error instanceof Error ? `${error.message} What you typed is still here: try again.` : 'Try again.';
}
