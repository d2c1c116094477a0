import type { TrialAccess } from '../access/trial-access.js';
import { bind, joinSql, sql, type Sql, type TrialSource } from '../query/index.js';

/**
 * The trials of a scope that the user sees, as a condition on {@link TrialSource.from} with the join of its scope; undefined:
 * all there are.
 * @param scope absent: every scope
 */
export async function visibleInScope(
  source: TrialSource,
  access: TrialAccess,
  scope: string | undefined,
  user: unknown,
): Promise<Sql | undefined> {
  const visible = await access.visible(user);
  const conditions: Sql[] = [];
  if (scope !== undefined) conditions.push(sql`(${source.scope.sql})::text = ${bind(scope, 'text')}`);
  if (visible !== 'all') conditions.push(visible(source.trialId));
  return conditions.length === 0 ? undefined : joinSql(conditions, ' AND ');
}
