import { Button } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactElement } from 'react';

interface ChosenButtonProps {
  readonly selection: ReadonlySet<number>;
  readonly onSelection: (selection: ReadonlySet<number>) => void;
}

/** How many rows are chosen; a click chooses none. */
export function ChosenButton({ selection, onSelection }: ChosenButtonProps): ReactElement | null {
  if (selection.size === 0) return null;
  return (
    <Button
      size="xs"
      variant="subtle"
      color="gray"
      leftSection={<IconX size={14} aria-hidden />}
      onClick={() => onSelection(new Set())}
    >
      {selection.size} chosen
    </Button>
  );
}
