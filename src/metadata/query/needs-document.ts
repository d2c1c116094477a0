import type { Filter } from './filter.js';
import { baseOf } from './operators.js';

/** Whether only trials with metadata can meet the filter, as far as its form tells. */
export function needsDocument(filter: Filter): boolean {
  switch (filter.kind) {
    case 'condition': {
      const { operator, negated } = baseOf(filter.operator);
      // What is missing is empty.
      return filter.field.kind === 'metadata' && negated === (operator === 'isEmpty');
    }
    case 'and':
      return filter.filters.some(needsDocument);
    case 'or':
      return filter.filters.every(needsDocument);
    case 'not':
      return false;
    case 'some':
    case 'type':
      return true;
  }
}
