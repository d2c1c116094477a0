import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Suspense, useState, type ReactElement } from 'react';
import { SignInGate } from '../session/sign-in-gate.js';
import { lazily } from './lazily.js';
import { createQueryClient } from './query-client.js';
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
        <Suspense>
          <NotificationList />
        </Suspense>
        <SignInGate>
          <RouterProvider router={router} />
        </SignInGate>
      </QueryClientProvider>
    </MantineProvider>
  );
}
