import type { NotificationData } from '@mantine/notifications';

/**
 * Shows a message at the corner of the page. Its script is loaded apart from the first view; where it cannot be had, the
 * page does without its messages.
 */
export async function notify(message: NotificationData): Promise<void> {
  const part = await import('@mantine/notifications').catch(() => null);
  part?.notifications.show(message);
}
