import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource, type MigrationInterface } from 'typeorm';
import {
  allowAll,
  checkOptionNames,
  MetadataModule,
  metadataMigrations,
  TrialMetadata,
  trialTableOf,
  type MetadataModuleOptions,
  type TrialEntity,
} from '../metadata/index.js';
import { TestTrial } from './test-trial.entity.js';

type EntityClass = new () => object;
type MigrationClass = new () => MigrationInterface;

/** What {@link MetadataTestingModule.forRoot} takes. */
export interface MetadataTestingOptions {
  /** An empty database, such as {@link TestPostgres.createDatabase} makes. */
  readonly url: string;
  /** The host's trials; {@link TestTrial} by default. */
  readonly trial?: TrialEntity;
  /** The host's other entities, among them those that relations of the trial lead to. */
  readonly entities?: readonly EntityClass[];
  /** Migrations that make the tables of these entities. Without any, TypeORM makes them of the entities. */
  readonly migrations?: readonly MigrationClass[];
  /** Options of the plugin, e.g. `limits` or an access policy; everybody may do everything by default. */
  readonly metadata?: Partial<Omit<MetadataModuleOptions, 'trial' | 'dataSource'>>;
}

const EVERY_OPTION: Readonly<Record<keyof MetadataTestingOptions, true>> = {
  url: true,
  trial: true,
  entities: true,
  migrations: true,
  metadata: true,
};

/**
 * A host in one import: a data source with the host's tables and the plugin's, migrated, and the plugin on it.
 *
 *     const testing = await Test.createTestingModule({
 *       imports: [MetadataTestingModule.forRoot({ url: database.url })],
 *     }).compile();
 */
@Module({})
export class MetadataTestingModule {
  /** @throws Error of one line that names an option that is not known */
  static forRoot(options: MetadataTestingOptions): DynamicModule {
    checkOptionNames('MetadataTestingModule', options, Object.keys(EVERY_OPTION));
    const trial = options.trial ?? { entity: TestTrial };
    const metadata = MetadataModule.forRoot({ access: allowAll, ...options.metadata, trial });
    return {
      module: MetadataTestingModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => ({ type: 'postgres', url: options.url, retryAttempts: 0 }),
          dataSourceFactory: () => openDataSource(options, trial),
        }),
        metadata,
      ],
      exports: [metadata],
    };
  }
}

async function openDataSource(options: MetadataTestingOptions, trial: TrialEntity): Promise<DataSource> {
  const { url, migrations = [] } = options;
  const entities = [trial.entity as EntityClass, ...(options.entities ?? [])]; // entities are made without arguments
  const host = await new DataSource({
    type: 'postgres',
    url,
    entities,
    migrations: [...migrations],
    migrationsRun: true,
    synchronize: migrations.length === 0,
  })
    .initialize()
    .catch(nameEntities);
  const table = trialTableOf(host, trial);
  await host.destroy();
  const schema = options.metadata?.schema;
  return await new DataSource({
    type: 'postgres',
    url,
    entities: [...entities, TrialMetadata],
    migrations: [...migrations, ...metadataMigrations({ trial: table, schema })],
    migrationsRun: true,
  }).initialize();
}

/** TypeORM says which entity it misses, and cannot know where this host lists it. */
function nameEntities(error: unknown): never {
  if (!(error instanceof Error) || !/^Entity metadata for .+ was not found/.test(error.message)) throw error;
  const remedy = "Relations need the host's other entities: forRoot({ entities: [Study, …] }).";
  throw new Error(`MetadataTestingModule: ${remedy} ${error.message}`, { cause: error });
}
