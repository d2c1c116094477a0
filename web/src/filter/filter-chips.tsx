import { Button, Pill } from '@mantine/core';
import { useEffect, useMemo, useRef, type ReactElement } from 'react';
import { focusContent } from '../app/focus-back.js';
import type { JsonValue } from '../shared/metadata.js';
import { describe } from './describe.js';
import { fromWire } from './from-wire.js';
import { toWire } from './to-wire.js';
import classes from './filter-chips.module.css';

interface FilterChipsProps {
  readonly filter: JsonValue;
  readonly onChange: (filter: JsonValue) => void;
  readonly onEdit: () => void;
  /** Takes the focus when the last chip has gone; the page's content does when left out. */
  readonly onEmptied?: () => void;
}

// An attribute that the type of a button's own does not know.
const REMOVES: object = { 'data-remove': true };

/** The filter in force, a chip a condition; each can be taken away by itself where all of them must hold. */
export function FilterChips(props: FilterChipsProps): ReactElement | null {
  const { filter, onChange, onEdit, onEmptied = focusContent } = props;
  const draft = useMemo(() => fromWire(filter), [filter]);
  const chips = useRef<HTMLDivElement>(null);
  /** Which chip was taken away, until the filter is in force without it. */
  const taken = useRef<number | null>(null);
  useEffect(() => {
    if (taken.current === null) return;
    const buttons = [...(chips.current?.querySelectorAll<HTMLElement>('[data-remove]') ?? [])];
    const next = buttons[Math.min(taken.current, buttons.length - 1)];
    taken.current = null;
    if (next === undefined) onEmptied();
    else next.focus();
    // Only once what is in force has changed.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [draft]);
  const remove = (place: number, rest: JsonValue): void => {
    taken.current = place;
    onChange(rest);
  };
  if (draft.children.length === 0) return null;
  const parts = draft.match === 'all' ? draft.children : [draft];
  return (
    <div ref={chips} className={classes['chips']} role="group" aria-label="Active filter">
      {parts.map((part, place) => {
        const text = describe(part);
        const rest = draft.match === 'all' ? draft.children.filter((child) => child !== part) : [];
        return (
          <Pill
            key={place}
            withRemoveButton
            onRemove={() => remove(place, toWire({ ...draft, children: rest }).filter)}
            removeButtonProps={{
              'aria-label': `Remove: ${text}`,
              'aria-hidden': false,
              tabIndex: 0,
              ...REMOVES,
            }}
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
      <Button size="compact-xs" variant="subtle" color="gray" onClick={() => remove(0, null)}>
        Clear filter
      </Button>
    </div>
  );
}
