import 'reflect-metadata';
import { Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { allowAll, MetadataModule, metadataMigrations } from 'nestjs-trial-metadata';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The host's own migration; one trial to try it on. */
class CreateTrials1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE trials (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)');
    await runner.query('INSERT INTO trials DEFAULT VALUES');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE trials');
  }
}

const trial = { table: 'trials' };
const migrations = [CreateTrials1700000000000, ...metadataMigrations({ trial })];
const url = process.env['DATABASE_URL'] ?? 'postgres://localhost/trials';

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'postgres', url, migrations, migrationsRun: true }),
    MetadataModule.forRoot({ trial, access: allowAll }),
  ],
})
class AppModule {}

const app = await NestFactory.create(AppModule);
await app.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1');
new Logger('Host').log(`Listening on ${await app.getUrl()}`);
