import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MetadataModule, metadataMigrations, trialMetadataOf } from 'nestjs-trial-metadata';
import { CreateRuns1700000000000 } from './create-runs.migration.js';
import { MemberGuard } from './member.guard.js';
import { Run } from './run.entity.js';
import { RunsController } from './runs.controller.js';
import { Study } from './study.entity.js';
import { TeamAccessPolicy } from './team-access.policy.js';

const runs = TypeOrmModule.forFeature([Run, Study]);

@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env['DATABASE_URL'] ?? 'postgres://localhost/trials',
      // Metadata with the uuids of these runs: `migration:generate` finds nothing to change then.
      entities: [Run, Study, trialMetadataOf({ trial: () => Run, id: 'key' })],
      migrations: [
        CreateRuns1700000000000,
        // Migrations know tables, not entities.
        ...metadataMigrations({
          trial: { schema: 'lab', table: 'training_runs', column: 'run_key', type: 'uuid' },
        }),
      ],
      migrationsRun: true,
    }),
    runs,
    MetadataModule.forRoot({
      trial: { entity: Run, id: 'key' },
      access: TeamAccessPolicy,
      imports: [runs],
      // What filters and sorts may name beside metadata.
      source: {
        joins: [{ name: 'experiment', entity: Study, on: 'study' }],
        columns: {
          'trial.title': 'title',
          'experiment.number': 'number',
          'experiment.topic': 'topic',
        },
        scope: 'experiment.number',
      },
      limits: { documentBytes: 64 * 1024 },
    }),
  ],
  controllers: [RunsController],
  providers: [{ provide: APP_GUARD, useClass: MemberGuard }],
})
export class AppModule {}
