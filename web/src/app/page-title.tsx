import { VisuallyHidden } from '@mantine/core';
import { useEffect, type ReactElement } from 'react';

/** Names the page in the window's title, and for assistive technology by a heading that need not be seen. */
export function PageTitle({
  title,
  hidden = true,
}: {
  readonly title: string;
  readonly hidden?: boolean;
}): ReactElement | null {
  useEffect(() => {
    document.title = `${title} – Trial metadata`;
  }, [title]);
  return hidden ? <VisuallyHidden component="h1">{title}</VisuallyHidden> : null;
}
