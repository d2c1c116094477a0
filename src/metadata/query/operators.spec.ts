import { baseOf, isOperator, OPERATORS, type Operator } from './operators.js';

test('every negated operator names a base operator that takes the same operand', () => {
  for (const [name, definition] of Object.entries(OPERATORS)) {
    const { operator, negated } = baseOf(name as Operator);
    expect(negated).toBe('not' in definition);
    expect(OPERATORS[operator]).not.toHaveProperty('not');
    expect(OPERATORS[operator].operand).toBe(definition.operand);
  }
});

test.each(['constructor', '__proto__', 'toString', 'IS', 'is ', '=', ''])('%j is no operator', (name) => {
  expect(isOperator(name)).toBe(false);
});
