/** Boots both hosts on the databases of `TABLES_URL` and `EXPERIMENTS_URL`, and asks them what every host must answer. */
import 'reflect-metadata';
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { NestFactory, type AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TrialMetadataClient, type Filter } from 'nestjs-trial-metadata/client';
import { MetadataTestingModule, trialFactory } from 'nestjs-trial-metadata/testing';
import { experimentsHost } from './experiments-host.js';
import { tablesHost } from './tables-host.js';

type Send = (method: string, path: string, body?: string, type?: string) => Promise<Answer>;

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a wrong answer fails where it is looked into
  readonly body: any;
}

async function listen(app: INestApplication): Promise<string> {
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo; // an address of TCP, since it listens on a port
  return `http://127.0.0.1:${port}/api`;
}

function sender(base: string): Send {
  return async (method, path, body, type = 'application/json') => {
    const response = await fetch(base + path, {
      method,
      ...(body === undefined ? {} : { body, headers: { 'content-type': type } }),
    });
    const text = await response.text();
    return { status: response.status, type: response.headers.get('content-type'), text, body: parse(text) };
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function checkTables(send: Send): Promise<void> {
  const { key } = (await send('POST', '/runs', '{"title": "first", "topic": "digits"}')).body;
  const { key: other } = (await send('POST', '/runs', '{"title": "second"}')).body;
  const reported = await send(
    'POST',
    `/trials/${key}/metadata`,
    '{"metadata": {"lr": 0.10, "big": 9007199254740993}}',
  );
  equal(reported.status, 200, reported.text);
  match(reported.text, /"big": 9007199254740993/);
  await send('POST', `/trials/${other}/metadata`, '{"metadata": {"lr": 0.5}}');
  const patched = await send(
    'PATCH',
    `/trials/${key}/metadata`,
    '{"lr": null, "gpu": {"name": "A100"}}',
    'application/merge-patch+json',
  );
  deepEqual([patched.status, patched.body.revision], [200, 2], patched.text);
  const history = await send('GET', `/trials/${key}/metadata/history`);
  deepEqual(
    history.body.items.map((item: { revision: number }) => item.revision),
    [2, 1],
  );
  const filter = { field: 'metadata.gpu.name', operator: 'contains', value: 'a1' };
  const found = await send('POST', '/runs/search', JSON.stringify({ filter }));
  deepEqual(
    found.body.map((run: { key: string }) => run.key),
    [key],
    found.text,
  );
  const sorted = await send('POST', '/runs/search', '{"sort": [{"field": "metadata.lr"}]}');
  deepEqual(
    sorted.body.map((run: { key: string }) => run.key),
    [other, key],
    sorted.text,
  );
  const batch = await send(
    'POST',
    '/metadata/batch',
    JSON.stringify({ reports: [{ trialId: other, metadata: { b: 1 } }] }),
  );
  equal(batch.status, 200, batch.text);
  const ofDigits = await send('GET', '/metadata/values?field=metadata.big&experiment.topic[startsWith]=DIG');
  match(ofDigits.text, /"items":\[\{"value":9007199254740993,"count":1\}\]/);
  const ofNone = await send('GET', '/metadata/values?field=trial.title&experiment.topic[isMissing]');
  deepEqual(ofNone.body.items, [{ value: 'second', count: 1 }], ofNone.text);
  const known = await send('GET', '/metadata/fields?projectId=digits');
  deepEqual(
    known.body.items.map((item: { path: string }) => item.path),
    ['big', 'gpu', 'gpu.name'],
    known.text,
  );
  const unknown = await send('GET', '/trials/0b5c1c2e-1111-4222-8333-444455556667/metadata');
  deepEqual([unknown.status, unknown.body.code], [404, 'trial_not_found'], unknown.text);
  match(unknown.type ?? '', /^application\/problem\+json/);
  const bad = await send('POST', `/trials/${key}/metadata`, '{"metadata": {"a": 1, "a": 2}}');
  deepEqual([bad.status, bad.body.status], [400, 400], bad.text);
}

async function checkExperiments(base: string): Promise<void> {
  const send = sender(base);
  const project = (await send('POST', '/projects', '{"name": "Vision"}')).body.project;
  const experiment = (
    await send('POST', '/experiments', JSON.stringify({ projectId: project.id, name: 'MNIST' }))
  ).body.experiment;
  const trials: number[] = [];
  for (const lr of [0.1, 0.2, 0.3]) {
    const { trial } = (await send('POST', `/experiments/${experiment.id}/trials`, '{}')).body;
    const reported = await send('POST', `/trials/${trial.id}/metadata`, JSON.stringify({ metadata: { lr } }));
    equal(reported.status, 200, reported.text);
    trials.push(trial.id);
  }
  const filter: Filter = { field: 'metadata.lr', operator: 'gte', value: 0.2 };
  const found = await send(
    'POST',
    '/trials/search',
    JSON.stringify({ filter, sort: [{ field: 'metadata.lr' }] }),
  );
  deepEqual(
    found.body.items.map((item: { id: number }) => item.id),
    trials.slice(1),
    found.text,
  );
  const experiments = await send('GET', '/experiments?metadata.lr[gt]=0.2');
  deepEqual(
    experiments.body.items.map((item: { id: number }) => item.id),
    [experiment.id],
    experiments.text,
  );
  const hints = await send('GET', '/trials?metadata.lrr[exists]');
  equal(hints.body.items.length, 0, hints.text);
  const groups = await send('POST', '/trials/aggregate', '{"groupBy": ["metadata.lr"], "measures": []}');
  equal(groups.status, 200, groups.text);
  const exported = await send('GET', '/trials/export?format=csv&fields=metadata.lr');
  match(exported.text, /0\.3/);
  const page = await fetch(new URL('/metadata-page/', base));
  deepEqual([page.status, page.headers.get('content-type')], [200, 'text/html; charset=utf-8']);
  const client = new TrialMetadataClient({ baseUrl: base });
  const ids: number[] = [];
  for await (const trial of client.eachTrial({ filter, limit: 1 })) ids.push(trial.id);
  deepEqual(new Set(ids), new Set(trials.slice(1)));
}

async function checkTesting(url: string): Promise<void> {
  const context = MetadataTestingModule.forRoot({ url });
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest takes options as literals
  const app = await NestFactory.createApplicationContext(context, { logger: ['error'] });
  ok(Number(await trialFactory(app).create({ a: 1 })) > 0);
  await app.close();
}

const ADAPTERS: Readonly<Record<string, () => AbstractHttpAdapter>> = {
  express: () => new ExpressAdapter(),
  fastify: () => new FastifyAdapter(),
};

async function main(): Promise<void> {
  const { TABLES_URL = '', EXPERIMENTS_URL = '', TESTING_URL = '', ADAPTER = '' } = process.env;
  const adapter = ADAPTERS[ADAPTER];
  if (adapter === undefined) throw new Error('ADAPTER must be express or fastify.');
  // Both at once, so that two hosts in one process are seen not to meet.
  const hosts = [await tablesHost(TABLES_URL, adapter()), await experimentsHost(EXPERIMENTS_URL, adapter())];
  const [tables, experiments] = await Promise.all(hosts.map(listen));
  if (tables === undefined || experiments === undefined) throw new Error('Two hosts were started.');
  await checkTables(sender(tables));
  await checkExperiments(experiments);
  await checkTesting(TESTING_URL);
  for (const host of hosts) await host.close();
  process.stdout.write('passed\n');
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
