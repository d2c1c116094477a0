import 'reflect-metadata';
import { Logger, Module, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import { metadataMigrations } from 'nestjs-trial-metadata';
import {
  allowAllProjects,
  ExperimentsModule,
  experimentsMigrations,
} from 'nestjs-trial-metadata/experiments';

/** Projects, experiments and trials come along; `autoLoadEntities` takes in the entities of the module. */
@Module({
  imports: [
    TypeOrmModule.forRoot({
      type: 'postgres',
      url: process.env['DATABASE_URL'] ?? 'postgres://localhost/trials',
      autoLoadEntities: true,
      migrations: [...experimentsMigrations, ...metadataMigrations({ trial: { table: 'trials' } })],
      migrationsRun: true,
    }),
    ExperimentsModule.forRoot({ access: allowAllProjects, indexedFields: ['runtime_seconds'] }),
  ],
})
class AppModule {}

const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter());
app.setGlobalPrefix('api/v1');
// For the host's own routes; those of the plugin read their bodies and parameters themselves.
app.useGlobalPipes(new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }));
await app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1');
new Logger('Host').log(`Listening on ${await app.getUrl()}`);
