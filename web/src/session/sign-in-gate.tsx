import { lazy, Suspense, type ReactElement, type ReactNode } from 'react';
import { useSession } from './session.js';

// Not in the first view of who is signed in, so not in its scripts either.
const SignInPage = lazy(async () => ({ default: (await import('./sign-in-page.js')).SignInPage }));
const ExpiredDialog = lazy(async () => ({ default: (await import('./expired-dialog.js')).ExpiredDialog }));

/**
 * Shows the page to who is signed in, and the sign-in to who is not. When a session expires, the sign-in comes in front
 * of the page and what was typed there stays.
 */
export function SignInGate({ children }: { readonly children: ReactNode }): ReactElement {
  const { token, end } = useSession();
  if (token === null && end !== 'expired') {
    return (
      <Suspense>
        <SignInPage signedOut={end === 'signed-out'} />
      </Suspense>
    );
  }
  return (
    <>
      {children}
      {token === null && (
        <Suspense>
          <ExpiredDialog />
        </Suspense>
      )}
    </>
  );
}
