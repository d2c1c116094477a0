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
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  type MigrationInterface,
  type QueryRunner,
  type Relation,
  Repository,
} from 'typeorm';

/** An experiment as it names it. */
@Entity('studies')
export class Study {
  @PrimaryGeneratedColumn({ name: 'study no', type: 'integer' })
  number!: number;

  @Column({ type: 'text' })
  topic!: string;
}

/** A trial as a host of its own names it. */
@Entity('training_runs')
export class TrainingRun {
  @PrimaryGeneratedColumn('uuid', { name: 'run_key' })
  key!: string;

  @Column({ type: 'text' })
  title!: string;

  @ManyToOne(() => Study, { cascade: true })
  @JoinColumn({ name: 'of study' })
  study!: Relation<Study> | null;
}

class CreateRuns1700000000000 implements MigrationInterface {
  readonly name = 'CreateRuns1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE studies ("study no" serial PRIMARY KEY, topic text NOT NULL)');
    await runner.query(
      'CREATE TABLE training_runs (run_key uuid PRIMARY KEY DEFAULT gen_random_uuid(), title text NOT NULL, "of study" integer REFERENCES studies)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE training_runs');
    await runner.query('DROP TABLE studies');
  }
}

@Controller('runs')
class RunsController {
  constructor(
    @InjectRepository(TrainingRun) private readonly runs: Repository<TrainingRun>,
    private readonly metadataQuery: MetadataQueryBuilder,
  ) {}

  @Post()
  create(
    @Body() { title, topic }: { readonly title: string; readonly topic?: string },
  ): Promise<TrainingRun> {
    return this.runs.save({ title, study: topic === undefined ? null : { topic } });
  }

  @Post('search')
  @HttpCode(200)
  async search(@Body() body: { readonly filter?: unknown; readonly sort?: unknown }): Promise<TrainingRun[]> {
    // True of every run; the filter counts beside either part.
    const query = this.runs
      .createQueryBuilder('run')
      .where('run.title IS NULL')
      .orWhere('run.title <> :none', { none: '' });
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
        entities: [TrainingRun, Study, TrialMetadata],
        migrations: [CreateRuns1700000000000, ...metadataMigrations({ trial })],
        migrationsRun: true,
      }),
      // Both: the other host of this process loads what is named here too, as `@nestjs/typeorm` keeps it by data source name.
      TypeOrmModule.forFeature([TrainingRun, Study]),
      MetadataModule.forRoot({
        trial: { entity: TrainingRun, id: 'key' },
        access: allowAll,
        source: {
          joins: [{ name: 'experiment', entity: Study, on: 'study' }],
          columns: { 'trial.title': 'title', 'experiment.topic': 'topic' },
          scope: 'experiment.topic',
        },
      }),
    ],
    controllers: [RunsController],
  })
  class TablesModule {}
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest takes options as literals
  const app = await NestFactory.create(TablesModule, adapter, { logger: ['error'], abortOnError: false });
  app.setGlobalPrefix('api');
  return app;
}
