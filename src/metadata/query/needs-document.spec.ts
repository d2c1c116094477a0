import { JsonNumber } from '../document/index.js';
import type { Filter } from './filter.js';
import { needsDocument } from './needs-document.js';
import { OPERATORS, type Operator } from './operators.js';

const on = (operator: Operator): Filter => ({
  kind: 'condition',
  field: { kind: 'metadata', path: ['a'] },
  operator,
  operands: [new JsonNumber('1')],
});
const column: Filter = {
  kind: 'condition',
  field: {
    kind: 'column',
    column: { name: 'trial.x', type: 'text', sql: undefined as never, item: 'x', owner: 'trial' },
  },
  operator: 'is',
  operands: ['x'],
};

describe('whether a filter needs a document', () => {
  it('does where no condition holds for what is missing', () => {
    const needing = (Object.keys(OPERATORS) as Operator[]).filter((operator) => needsDocument(on(operator)));
    expect(needing).toEqual([
      'is',
      'contains',
      'exists',
      'isNotEmpty',
      'in',
      'gt',
      'gte',
      'lt',
      'lte',
      'between',
      'startsWith',
    ]);
  });

  it('one of all is enough, and each of any', () => {
    expect(needsDocument({ kind: 'and', filters: [column, on('is')] })).toBe(true);
    expect(needsDocument({ kind: 'and', filters: [column, on('isNot')] })).toBe(false);
    expect(needsDocument({ kind: 'and', filters: [] })).toBe(false);
    expect(needsDocument({ kind: 'or', filters: [on('gt'), on('is')] })).toBe(true);
    expect(needsDocument({ kind: 'or', filters: [on('gt'), column] })).toBe(false);
  });

  it('a complement is not looked into', () => {
    expect(needsDocument({ kind: 'not', filter: on('isMissing') })).toBe(false);
    expect(needsDocument({ kind: 'some', path: ['a'], of: 'values', filter: on('is') })).toBe(true);
    expect(needsDocument({ kind: 'type', path: ['a'], type: 'number' })).toBe(true);
  });
});
