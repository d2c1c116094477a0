import { fieldLabel } from '../fields/metadata-field.js';
import { hostField, isState, stateLabel, type HostField } from '../fields/host-fields.js';
import { OPERATORS } from '../shared/metadata.js';
import type { DraftNode, Match } from './draft.js';
import type { DraftOperand } from './draft-operand.js';
import { operatorLabel } from './operator-choices.js';

/** A condition or group in words, as a chip shows it: `hardware.gpu is "NVIDIA A100"`. */
export function describe(node: DraftNode): string {
  if (node.kind === 'group') {
    const parts = node.children.map((child) =>
      child.kind === 'group' ? `(${describe(child)})` : describe(child),
    );
    return JOIN[node.match](parts);
  }
  const label = fieldLabel(node.field);
  const operator = operatorLabel(node.field, node.operator);
  const host = hostField(node.field);
  const operands = node.operands.map((operand) => describeOperand(operand, host));
  switch (OPERATORS[node.operator].operand) {
    case 'none':
      return `${label} ${operator}`;
    case 'pair':
      return `${label} ${operator} ${operands.join(' and ')}`;
    case 'any':
    case 'string':
    case 'list':
      return `${label} ${operator} ${operands.join(', ')}`;
  }
}

const JOIN: Record<Match, (parts: readonly string[]) => string> = {
  all: (parts) => parts.join(' and '),
  any: (parts) => parts.join(' or '),
  none: (parts) => `none of: ${parts.join('; ')}`,
  notAll: (parts) => `not all of: ${parts.join('; ')}`,
};

// Quotes tell the text "8" from the number 8; a host column has one type, so it needs none.
function describeOperand({ type, text }: DraftOperand, host: HostField | undefined): string {
  if (type === 'null') return 'null';
  if (host?.type === 'state') return isState(text) ? stateLabel(text) : text;
  return type === 'string' && host === undefined ? JSON.stringify(text) : text;
}
