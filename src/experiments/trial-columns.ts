import { columnCatalog, trustedSql, type Column, type ColumnCatalog } from '../metadata/index.js';

type Owner = Column['owner'];

/** A column of `"trial"`, or of a join: unless it is named, the one that is called like the owner. */
function column(
  owner: Owner,
  name: string,
  type: Column['type'],
  expression: string,
  item: string,
  join: string = owner,
): Column {
  const found = { name: `${owner}.${name}`, type, sql: trustedSql(expression), item, owner };
  return owner === 'trial' ? found : { ...found, join };
}

/** Seconds from start to end; null, so missing, while one of the two is. */
function duration(): Column {
  const seconds = `extract(epoch FROM "trial"."end_time" - "trial"."start_time")`;
  return column('trial', 'duration', 'number', seconds, 'duration');
}

/** What a filter, a sort or a projection may name beside metadata; times are instants, `duration` is in seconds. */
export const TRIAL_COLUMNS: ColumnCatalog = columnCatalog([
  column('trial', 'id', 'integer', '"trial"."id"', 'id'),
  column('trial', 'number', 'integer', '"trial"."number"', 'number'),
  column('trial', 'state', 'text', '"trial"."state"', 'state'),
  column('trial', 'archived', 'boolean', '"trial"."archived"', 'archived'),
  column('trial', 'startTime', 'instant', '"trial"."start_time"', 'startTime'),
  column('trial', 'endTime', 'instant', '"trial"."end_time"', 'endTime'),
  duration(),
  column('experiment', 'id', 'integer', '"experiment"."id"', 'experimentId'),
  column('experiment', 'name', 'text', '"experiment"."name"', 'experimentName'),
  column('experiment', 'description', 'text', '"experiment"."description"', 'experimentDescription'),
  column('experiment', 'labels', 'json', '"experiment"."labels"', 'experimentLabels'),
  column('experiment', 'state', 'text', '"experiment"."state"', 'experimentState'),
  column('experiment', 'archived', 'boolean', '"experiment"."archived"', 'experimentArchived'),
  column('experiment', 'startTime', 'instant', '"experiment"."start_time"', 'experimentStartTime'),
  column('experiment', 'endTime', 'instant', '"experiment"."end_time"', 'experimentEndTime'),
  column('project', 'id', 'integer', '"experiment"."project_id"', 'projectId', 'experiment'),
  column('project', 'name', 'text', '"project"."name"', 'projectName'),
]);
