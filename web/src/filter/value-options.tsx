import { Combobox, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { stateLabel } from '../fields/host-fields.js';
import { TypeSigns } from '../fields/type-sign.js';
import { formatCount, plainText } from '../grid/format.js';
import { jsonTypeOf, writeJson, type JsonValue } from '../shared/metadata.js';
import { fixedValues, useValues } from './use-values.js';
import classes from './value-options.module.css';

interface ValueOptionsProps {
  readonly field: string;
  /** What is typed: values that hold it are suggested. */
  readonly q: string;
  readonly projectId: number | undefined;
  /** The other conditions: values are counted among the trials that meet them. */
  readonly filter: JsonValue;
  readonly open: boolean;
}

/** What a suggestion is submitted as: the JSON text of its value. */
export function optionValue(value: JsonValue): string {
  return writeJson(value);
}

/** Suggestions for a value: what the trials hold, with their type and how often. */
export function ValueOptions({ field, q, projectId, filter, open }: ValueOptionsProps): ReactElement {
  const fixed = fixedValues(field)?.filter((value) =>
    stateLabel(value).toLowerCase().includes(q.trim().toLowerCase()),
  );
  const values = useValues({ field, q, projectId, filter, enabled: open });
  if (fixed !== undefined) {
    return (
      <Combobox.Options aria-label="Values">
        {fixed.map((value) => (
          <Combobox.Option key={value} value={optionValue(value)}>
            {stateLabel(value)}
          </Combobox.Option>
        ))}
      </Combobox.Options>
    );
  }
  const items = values.data?.items ?? [];
  return (
    <Combobox.Options aria-label="Values" tabIndex={0} mah={260} style={{ overflowY: 'auto' }}>
      {items.map(({ value, count }) => (
        <Combobox.Option key={optionValue(value)} value={optionValue(value)}>
          <span className={classes['option']}>
            <Text component="span" size="sm" className={classes['text']} dir="auto">
              {value === '' ? '""' : plainText(value, 200)}
            </Text>
            <TypeSigns types={[jsonTypeOf(value)]} />
            <Text component="span" size="xs" c="dimmed" className={classes['count']}>
              {formatCount(count)}
            </Text>
          </span>
        </Combobox.Option>
      ))}
      {items.length === 0 && (
        <Combobox.Empty>{emptyMessage(values.isFetching, values.isError, q)}</Combobox.Empty>
      )}
    </Combobox.Options>
  );
}

function emptyMessage(fetching: boolean, failed: boolean, q: string): string {
  if (fetching) return 'Looking for values…';
  if (failed) return 'No suggestions now; type a value';
  return q.trim() === ''
    ? 'No values among these trials'
    : 'No such value among these trials; it can still be used';
}
