/** What a host's own suite looks like, under Vitest: a server for the file, a database, the plugin, trials. */
import 'reflect-metadata';
import { Test } from '@nestjs/testing';
import { MetadataQueryBuilder } from 'nestjs-trial-metadata';
import {
  MetadataTestingModule,
  startTestPostgres,
  TestTrial,
  trialFactory,
} from 'nestjs-trial-metadata/testing';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';

let postgres;
let app;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const { url } = await postgres.createDatabase();
  const imports = [MetadataTestingModule.forRoot({ url })];
  app = await Test.createTestingModule({ imports }).compile();
}, 120_000);

afterAll(async () => {
  await app?.close();
  await postgres?.stop();
});

it('finds the trials that were made', async () => {
  const ids = await trialFactory(app).createMany(3, (index) => ({ lr: index }));
  const trials = app.get(DataSource).getRepository(TestTrial).createQueryBuilder('trial');
  const filter = { field: 'metadata.lr', operator: 'gt', value: 1 };
  const found = await app.get(MetadataQueryBuilder).apply(trials, { trialId: 'trial.id', filter }).getMany();
  expect(found.map(({ id }) => id)).toEqual(ids.slice(2));
});
