import { Button, Pill } from '@mantine/core';
import type { ReactElement } from 'react';
import type { JsonValue } from '../shared/metadata.js';
import { describe } from './describe.js';
import { fromWire } from './from-wire.js';
import { toWire } from './to-wire.js';
import classes from './filter-chips.module.css';

interface FilterChipsProps {
  readonly filter: JsonValue;
  readonly onChange: (filter: JsonValue) => void;
  readonly onEdit: () => void;
}

/** The filter in force, a chip a condition; each can be taken away by itself where all of them must hold. */
export function FilterChips({ filter, onChange, onEdit }: FilterChipsProps): ReactElement | null {
  const draft = fromWire(filter);
  if (draft.children.length === 0) return null;
  const parts = draft.match === 'all' ? draft.children : [draft];
  return (
    <div className={classes['chips']} role="group" aria-label="Active filter">
      {parts.map((part) => {
        const text = describe(part);
        const rest = draft.match === 'all' ? draft.children.filter((child) => child !== part) : [];
        return (
          <Pill
            key={part.id}
            withRemoveButton
            onRemove={() => onChange(toWire({ ...draft, children: rest }).filter)}
            removeButtonProps={{ 'aria-label': `Remove: ${text}`, 'aria-hidden': false, tabIndex: 0 }}
            className={classes['chip']}
          >
            <button
              type="button"
              className={classes['text']}
              onClick={onEdit}
              title={`${text} (edit)`}
              dir="auto"
            >
              {text}
            </button>
          </Pill>
        );
      })}
      <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onChange(null)}>
        Clear filter
      </Button>
    </div>
  );
}
