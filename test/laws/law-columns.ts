import { columnCatalog, identifier, type Column, type ColumnType } from '../../src/metadata/query/index.js';

function column(name: string, type: ColumnType): Column {
  return { name: `trial.${name}`, type, sql: identifier('trial', name), item: name, owner: 'trial' };
}

const step = column('step', 'integer');

/** What the known fields would be counted by; no law looks at it. */
export const LAW_SCOPE = step;

/** The host's columns of the laws: one of every type, all of them NULL at times. */
export const LAW_COLUMNS = columnCatalog([
  column('id', 'integer'),
  step,
  column('score', 'number'),
  column('loss', 'number'),
  column('state', 'text'),
  column('archived', 'boolean'),
  column('startTime', 'instant'),
  column('labels', 'json'),
]);
