import type { Sql } from '../query/index.js';
import type { TrialId } from '../storage/trial-id.js';

/**
 * The trials that a user may see at all, for the reads that cover many: `all`, or the condition for the trial whose id
 * the SQL expression gives, e.g. `` (id) => sql`${id} IN (SELECT id FROM trials WHERE project_id = ANY(…))` ``.
 */
export type TrialRestriction = 'all' | ((trialId: Sql) => Sql);

/**
 * Who may see and change the metadata of which trials. The host implements it and names the class in `access`.
 * `user` is what the option `user` finds in the request, by default `request.user`.
 */
export abstract class MetadataAccessPolicy<User = unknown> {
  /** A trial that the user may not see is answered like one that does not exist, so `false` is right for both. */
  abstract canView(user: User, trialId: TrialId): boolean | Promise<boolean>;

  /** Whoever may edit may also view. */
  abstract canEdit(user: User, trialId: TrialId): boolean | Promise<boolean>;

  /** Asked by every read over many trials: search, totals, fields, values, hints, compare, aggregate, export. */
  abstract visibleTrials(user: User): TrialRestriction | Promise<TrialRestriction>;

  /**
   * The scopes (projects) that the user sees whole, when these make up all that he sees: the known fields then come from
   * counts. Without an answer they are read from the documents of the trials that {@link visibleTrials} allows.
   */
  visibleScopes(
    _user: User,
  ): 'all' | readonly string[] | undefined | Promise<'all' | readonly string[] | undefined> {
    return undefined;
  }

  /** Whether the user may list, build and drop the indexes of fields; nobody by default. */
  canManageIndexes(_user: User): boolean | Promise<boolean> {
    return false;
  }

  /** Those of the trials that the user may edit: asked by batches. Override it to ask for all at once. */
  async editable(user: User, trialIds: readonly TrialId[]): Promise<ReadonlySet<TrialId>> {
    const editable = new Set<TrialId>();
    for (const trialId of trialIds) if (await this.canEdit(user, trialId)) editable.add(trialId);
    return editable;
  }
}

class AllowAllPolicy extends MetadataAccessPolicy {
  canView(): boolean {
    return true;
  }

  canEdit(): boolean {
    return true;
  }

  visibleTrials(): TrialRestriction {
    return 'all';
  }

  override visibleScopes(): 'all' {
    return 'all';
  }

  override canManageIndexes(): boolean {
    return true;
  }
}

/** Everybody may see and change everything. There is no default policy: a host that wants this one must say so. */
export const allowAll: MetadataAccessPolicy = new AllowAllPolicy();
