import { Injectable } from '@nestjs/common';
import {
  EditForbiddenError,
  IndexesForbiddenError,
  TrialNotFoundError,
  type MetadataError,
} from '../metadata.errors.js';
import { sql } from '../query/index.js';
import type { TrialId } from '../storage/trial-id.js';
import { MetadataAccessPolicy, type TrialRestriction } from './metadata-access-policy.js';
import { TrustedUser } from './trusted-user.js';

/** Asks the host's policy, and turns a no into the error to answer. */
@Injectable()
export class TrialAccess {
  constructor(private readonly policy: MetadataAccessPolicy) {}

  /** @throws TrialNotFoundError */
  async mustView(user: unknown, trialId: TrialId): Promise<void> {
    if (!(await this.canView(user, trialId))) throw new TrialNotFoundError(trialId);
  }

  /** @throws TrialNotFoundError, EditForbiddenError */
  async mustEdit(user: unknown, trialId: TrialId): Promise<void> {
    if (user instanceof TrustedUser || (await this.policy.canEdit(user, trialId))) return;
    throw await this.refusal(user, trialId);
  }

  /** @param pathOf where the request names the trial @throws TrialNotFoundError, EditForbiddenError */
  async mustEditAll(
    user: unknown,
    trialIds: readonly TrialId[],
    pathOf: (id: TrialId) => string,
  ): Promise<void> {
    if (user instanceof TrustedUser) return;
    const editable = await this.policy.editable(user, trialIds);
    const refused = trialIds.find((trialId) => !editable.has(trialId));
    if (refused !== undefined) throw await this.refusal(user, refused, pathOf(refused));
  }

  /** @throws IndexesForbiddenError */
  async mustManageIndexes(user: unknown): Promise<void> {
    if (user instanceof TrustedUser || (await this.policy.canManageIndexes(user))) return;
    throw new IndexesForbiddenError();
  }

  /** The trials that a read over many of them may take in. */
  async visible(user: unknown): Promise<TrialRestriction> {
    return user instanceof TrustedUser ? 'all' : await this.policy.visibleTrials(user);
  }

  /** The scopes that the user sees whole; undefined: what he sees are not whole scopes. */
  async visibleScopes(user: unknown): Promise<'all' | readonly string[] | undefined> {
    return user instanceof TrustedUser ? 'all' : await this.policy.visibleScopes(user);
  }

  /** A text that is the same for users who see the same trials, so that a cursor of one is of no use to the others. */
  async visibilityOf(user: unknown): Promise<string> {
    const scopes = await this.visibleScopes(user);
    if (scopes !== undefined) return scopes === 'all' ? scopes : JSON.stringify([...scopes].sort());
    const restriction = await this.visible(user);
    if (restriction === 'all') return restriction;
    const { text, values } = restriction(sql`trial`).toPositional();
    return JSON.stringify([text, values]);
  }

  private async canView(user: unknown, trialId: TrialId): Promise<boolean> {
    return user instanceof TrustedUser || (await this.policy.canView(user, trialId));
  }

  private async refusal(user: unknown, trialId: TrialId, path?: string): Promise<MetadataError> {
    return (await this.canView(user, trialId))
      ? new EditForbiddenError(trialId, path)
      : new TrialNotFoundError(trialId, path);
  }
}
