import { Text } from '@mantine/core';
import type { ReactElement } from 'react';

/** What a chart shows and what it leaves out, a line each, small above the drawing. */
export function ChartNotes({ notes }: { readonly notes: readonly string[] }): ReactElement | null {
  if (notes.length === 0) return null;
  return (
    <div role="note">
      {notes.map((note) => (
        <Text key={note} size="xs" c="dimmed">
          {note}
        </Text>
      ))}
    </div>
  );
}
