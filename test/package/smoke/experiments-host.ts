import { Module, type INestApplication } from '@nestjs/common';
import { NestFactory, type AbstractHttpAdapter } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { metadataMigrations } from 'nestjs-trial-metadata';
import { DeterminedModule } from 'nestjs-trial-metadata/determined';
import {
  allowAllProjects,
  ExperimentsModule,
  experimentsMigrations,
} from 'nestjs-trial-metadata/experiments';
import { MetadataUiModule } from 'nestjs-trial-metadata/ui';

/** Makes a host with the package's own projects, experiments and trials, Determined's routes and the page. */
export async function experimentsHost(url: string, adapter: AbstractHttpAdapter): Promise<INestApplication> {
  const experiments = ExperimentsModule.forRoot({ access: allowAllProjects });
  @Module({
    imports: [
      TypeOrmModule.forRoot({
        type: 'postgres',
        url,
        autoLoadEntities: true,
        migrations: [...experimentsMigrations, ...metadataMigrations({ trial: { table: 'trials' } })],
        migrationsRun: true,
      }),
      experiments,
      DeterminedModule.forRoot({ imports: [experiments] }),
      MetadataUiModule.forRoot({ path: '/metadata-page', apiBase: '/api' }),
    ],
  })
  class ExperimentsHostModule {}
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest takes options as literals
  const app = await NestFactory.create(ExperimentsHostModule, adapter, {
    logger: ['error'],
    abortOnError: false,
  });
  app.setGlobalPrefix('api');
  return app;
}
