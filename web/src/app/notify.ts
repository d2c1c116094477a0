import type { NotificationData } from '@mantine/notifications';

/** Shows a message at the corner of the page. Its script is loaded apart from the first view. */
export async function notify(message: NotificationData): Promise<void> {
  const { notifications } = await import('@mantine/notifications');
  notifications.show(message);
}
