import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { bind, MetadataAccessPolicy, sql, type TrialId, type TrialRestriction } from 'nestjs-trial-metadata';
import { Repository } from 'typeorm';
import type { Member } from './member.guard.js';
import { Run } from './run.entity.js';

/** A team sees its own runs; guests change nothing. */
@Injectable()
export class TeamAccessPolicy extends MetadataAccessPolicy<Member> {
  constructor(@InjectRepository(Run) private readonly runs: Repository<Run>) {
    super();
  }

  canView({ team }: Member, trialId: TrialId): Promise<boolean> {
    return this.runs.existsBy({ key: String(trialId), team });
  }

  async canEdit(member: Member, trialId: TrialId): Promise<boolean> {
    return !member.guest && (await this.canView(member, trialId));
  }

  visibleTrials({ team }: Member): TrialRestriction {
    return (trialId) =>
      sql`${trialId} IN (SELECT run_key FROM lab.training_runs WHERE team = ${bind(team, 'text')})`;
  }
}
