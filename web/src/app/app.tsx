import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { CatchBoundary, RouterProvider } from '@tanstack/react-router';
import { Suspense, useState, type ReactElement } from 'react';
import { SignInGate } from '../session/sign-in-gate.js';
import { lazily } from './lazily.js';
import { createQueryClient } from './query-client.js';
import { RouteError } from './route-error.js';
import { createAppRouter } from './router.js';
import { theme } from './theme.js';

const NotificationList = lazily(
  () => import('./notification-list.js'),
  (module) => module.NotificationList,
);

/** The whole page. */
export function App(): ReactElement {
  const [queryClient] = useState(createQueryClient);
  const [router] = useState(createAppRouter);
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queryClient}>
        <CatchBoundary getResetKey={noKey} errorComponent={NoMessages}>
          <Suspense>
            <NotificationList />
          </Suspense>
        </CatchBoundary>
        <CatchBoundary getResetKey={noKey} errorComponent={RouteError}>
          <SignInGate>
            <RouterProvider router={router} />
          </SignInGate>
        </CatchBoundary>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** Only trying again ends an error. */
function noKey(): null {
  return null;
}

/** In place of messages that could not be loaded: the page is of use without them. */
function NoMessages(): null {
  return null;
}
