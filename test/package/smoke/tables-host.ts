import { Body, Controller, HttpCode, Module, Post, type INestApplication } from '@nestjs/common';
import { NestFactory, type AbstractHttpAdapter } from '@nestjs/core';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import {
  allowAll,
  MetadataModule,
  metadataMigrations,
  MetadataQueryBuilder,
  TrialMetadata,
} from 'nestjs-trial-metadata';
import {
  Column,
  Entity,
  PrimaryGeneratedColumn,
  type MigrationInterface,
  type QueryRunner,
  Repository,
} from 'typeorm';

/** A trial as a host of its own names it. */
@Entity('training_runs')
export class TrainingRun {
  @PrimaryGeneratedColumn('uuid', { name: 'run_key' })
  key!: string;

  @Column({ type: 'text' })
  title!: string;
}

class CreateRuns1700000000000 implements MigrationInterface {
  readonly name = 'CreateRuns1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE training_runs (run_key uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text NOT NULL)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE training_runs');
  }
}

@Controller('runs')
class RunsController {
  constructor(
    @InjectRepository(TrainingRun) private readonly runs: Repository<TrainingRun>,
    private readonly metadataQuery: MetadataQueryBuilder,
  ) {}

  @Post()
  create(@Body() body: { readonly title: string }): Promise<TrainingRun> {
    return this.runs.save({ title: body.title });
  }

  @Post('search')
  @HttpCode(200)
  async search(@Body() body: { readonly filter?: unknown; readonly sort?: unknown }): Promise<TrainingRun[]> {
    const query = this.runs.createQueryBuilder('run');
    return await this.metadataQuery.apply(query, { trialId: 'run.key', ...body }).getMany();
  }
}

/** Makes a host with tables of its own, migrated, on this adapter. */
export async function tablesHost(url: string, adapter: AbstractHttpAdapter): Promise<INestApplication> {
  const trial = { table: 'training_runs', column: 'run_key', type: 'uuid' } as const;
  @Module({
    imports: [
      TypeOrmModule.forRoot({
        type: 'postgres',
        url,
        entities: [TrainingRun, TrialMetadata],
        migrations: [CreateRuns1700000000000, ...metadataMigrations({ trial })],
        migrationsRun: true,
      }),
      TypeOrmModule.forFeature([TrainingRun]),
      MetadataModule.forRoot({ trial: { entity: TrainingRun, id: 'key' }, access: allowAll }),
    ],
    controllers: [RunsController],
  })
  class TablesModule {}
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest takes options as literals
  const app = await NestFactory.create(TablesModule, adapter, { logger: ['error'], abortOnError: false });
  app.setGlobalPrefix('api');
  return app;
}
