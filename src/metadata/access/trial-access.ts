import { Injectable } from '@nestjs/common';
import { EditForbiddenError, TrialNotFoundError, type MetadataError } from '../metadata.errors.js';
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

  /** The trials that a read over many of them may take in. */
  async visible(user: unknown): Promise<TrialRestriction> {
    return user instanceof TrustedUser ? 'all' : await this.policy.visibleTrials(user);
  }

  /** The scopes that the user sees whole; undefined: what he sees are not whole scopes. */
  async visibleScopes(user: unknown): Promise<'all' | readonly string[] | undefined> {
    return user instanceof TrustedUser ? 'all' : await this.policy.visibleScopes(user);
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
