import { lazy, Suspense, type ReactElement, type ReactNode } from 'react';
import { hostSignsIn } from '../api/page-settings.js';
import { importPart } from '../app/import-part.js';
import { LinkSession } from './link-session.js';
import { useSession } from './session.js';

// Not in the first view of who is signed in, so not in its scripts either.
const SignInPage = lazy(
  importPart(async () => ({ default: (await import('./sign-in-page.js')).SignInPage })),
);
const HostSessionDialog = lazy(
  importPart(async () => ({ default: (await import('./host-session-dialog.js')).HostSessionDialog })),
);
const ExpiredDialog = lazy(
  importPart(async () => ({ default: (await import('./expired-dialog.js')).ExpiredDialog })),
);

/**
 * Shows the page to who is signed in, and the sign-in to who is not; where the host signs its users in, to everybody. When a session expires, the sign-in comes in front
 * of the page and what was typed there stays.
 */
export function SignInGate({ children }: { readonly children: ReactNode }): ReactElement {
  const { token, end, offered } = useSession();
  const byHost = hostSignsIn();
  if (offered !== null) return <LinkSession token={offered} />;
  if (token === null && end !== 'expired' && !byHost) {
    return (
      <Suspense>
        <SignInPage end={end} />
      </Suspense>
    );
  }
  return (
    <>
      {children}
      {token === null && end === 'expired' && (
        <Suspense>{byHost ? <HostSessionDialog /> : <ExpiredDialog />}</Suspense>
      )}
    </>
  );
}
