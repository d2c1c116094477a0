import '@mantine/notifications/styles.layer.css';
import { Notifications } from '@mantine/notifications';
import type { ReactElement } from 'react';

/** Where messages of {@link notify} show up. */
export function NotificationList(): ReactElement {
  return <Notifications position="bottom-right" autoClose={6_000} />;
}
