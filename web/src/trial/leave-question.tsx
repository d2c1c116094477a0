import { Alert, Button, Group } from '@mantine/core';
import { useEffect, useRef, type ReactElement } from 'react';
import { useFocusBack } from '../app/focus-back.js';

interface LeaveQuestionProps {
  readonly onStay: () => void;
  readonly onLeave: () => void;
}

/** Asks before what was typed is thrown away. */
export function LeaveQuestion({ onStay, onLeave }: LeaveQuestionProps): ReactElement {
  const stay = useRef<HTMLButtonElement>(null);
  useFocusBack();
  useEffect(() => stay.current?.focus(), []);
  return (
    <Alert color="orange" variant="light" role="alert" title="Discard what you typed?">
      <Group gap="xs">
        <Button ref={stay} size="xs" onClick={onStay}>
          Keep editing
        </Button>
        <Button size="xs" variant="default" onClick={onLeave}>
          Discard
        </Button>
      </Group>
    </Alert>
  );
}
