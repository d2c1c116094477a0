import { Button, EmptyState, Group, Stack, Text } from '@mantine/core';
import { IconFilterSearch } from '@tabler/icons-react';
import type { ReactElement } from 'react';
import { readHint } from '../api/hint.js';
import { describe } from '../filter/describe.js';
import { fromWire } from '../filter/from-wire.js';
import { replaceCondition, withoutCondition } from '../filter/wire.js';
import type { JsonValue } from '../shared/metadata.js';
import classes from './hints.module.css';

interface HintsProps {
  readonly noun: string;
  readonly filter: JsonValue;
  readonly hints: readonly JsonValue[];
  readonly onFilter: (filter: JsonValue) => void;
}

/** What stands where the rows would be when there are none: why, and what can be done, each a click away. */
export function Hints({ noun, filter, hints, onFilter }: HintsProps): ReactElement {
  if (filter === null) {
    return (
      <EmptyState
        mt="xl"
        title={`There are no ${noun}s here yet`}
        description="Choose another project above, or report metadata from your training code: it shows up here within seconds."
      />
    );
  }
  return (
    <EmptyState
      mt="xl"
      size="md"
      icon={<IconFilterSearch aria-hidden />}
      title={`No ${noun} meets this filter`}
    >
      <Stack gap="xs" mt="md" w="min(48rem, 94vw)">
        {hints.flatMap((raw, index) => {
          const hint = readHint(raw);
          if (hint === null) return [];
          return [
            <div key={index} className={classes['hint']}>
              <Text size="sm" fw={600} dir="auto">
                {describe(fromWire(hint.condition).children[0] ?? fromWire(hint.condition))}
              </Text>
              <Text size="sm" c="dimmed">
                {hint.message}
              </Text>
              <Group gap={6} mt={6}>
                {hint.alternatives.map((alternative, place) => (
                  <Button
                    key={place}
                    size="compact-xs"
                    variant="light"
                    className={classes['apply']}
                    onClick={() => onFilter(replaceCondition(filter, hint.condition, alternative))}
                  >
                    Use: {describe(fromWire(alternative).children[0] ?? fromWire(alternative))}
                  </Button>
                ))}
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => onFilter(withoutCondition(filter, hint.condition))}
                >
                  Remove this condition
                </Button>
              </Group>
            </div>,
          ];
        })}
        <Group justify="center" mt="xs">
          <Button size="xs" variant="default" onClick={() => onFilter(null)}>
            Clear the filter
          </Button>
        </Group>
      </Stack>
    </EmptyState>
  );
}
