import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Filter, TrialMetadataClient } from 'nestjs-trial-metadata/client';
import { createApp, type MasterApp } from '../src/master/create-app.js';
import { migrate } from '../src/master/database/migrate.js';
import { masterMigrations } from '../src/master/database/migrations.js';
import { apiClient, type ApiClient } from './support/api-client.js';
import {
  one,
  replicationPrograms,
  startReplicated,
  type ReplicatedServer,
} from './support/replicated-server.js';

const TOKEN = 'administrator-of-the-tests';
const programs = replicationPrograms();

if (programs === undefined) {
  describe('reads from a replica', () => {
    it.skip('nothing is tried: no PostgreSQL here has pg_basebackup (Debian: apt-get install postgresql)', () =>
      undefined);
  });
} else {
  describe('reads from a replica, on two servers with streaming replication', () => {
    let servers: ReplicatedServer;
    let master: MasterApp;
    let api: ApiClient;
    let client: TrialMetadataClient;
    const filter: Filter = { field: 'metadata.gpu', operator: 'exists' };

    beforeAll(async () => {
      servers = await startReplicated(programs);
      await migrate(servers.primaryUrl, masterMigrations);
      await servers.caughtUp();
      master = await createApp({
        databaseUrl: servers.primaryUrl,
        replicaUrls: [servers.replicaUrl],
        adminToken: TOKEN,
      });
      const server: Server = master.app.getHttpServer();
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const { port } = server.address() as AddressInfo; // an address of TCP, since it listens on a port
      api = apiClient(`http://127.0.0.1:${port}`, TOKEN);
      client = api.client;
      await client.call('createProject', { body: { name: 'p' } });
      await client.call('createExperiment', { body: { name: 'e', projectId: 1 } });
      await client.call('createTrial', { path: { experimentId: 1 }, body: {} });
      await client.reportMetadata(1, { gpu: 'A100' });
      await servers.caughtUp();
    }, 120_000);

    afterAll(async () => {
      await master.close(1000);
      await servers.close();
    });

    const found = async (): Promise<unknown> =>
      (await client.searchTrials({ filter })).items[0]?.metadata?.['gpu'];
    const experiment = async (): Promise<unknown> =>
      (await client.searchExperiments({ filter })).items[0]?.trial?.metadata?.['gpu'];
    const exported = async (): Promise<unknown> =>
      JSON.parse(await (await client.exportTrials({ format: 'jsonl' })).text()).metadata.gpu;

    it('searches and exports from the replica; what was written is read back from the primary', async () => {
      await one(servers.replicaUrl, 'SELECT pg_wal_replay_pause()');
      expect(await one(servers.replicaUrl, 'SELECT pg_is_in_recovery()::text')).toBe('true');
      const H100 = { gpu: 'H100' };
      expect((await client.reportMetadata(1, H100)).metadata).toEqual(H100);
      expect((await client.readMetadata(1)).metadata).toEqual(H100);
      expect((await client.call('getTrial', { path: { trialId: 1 } })).trial.metadata).toEqual(H100);
      expect((await client.history(1)).items).toHaveLength(2);
      expect((await client.values({ field: 'metadata.gpu' })).items[0]?.value).toBe('H100');
      expect((await client.changes()).items).toHaveLength(2);
      const body = { name: 'new', projectId: 1 };
      const { experiment: made } = await client.call('createExperiment', { body });
      const path = { experimentId: made.id };
      expect((await client.call('getExperiment', { path })).experiment.name).toBe('new');
      expect([await found(), await experiment(), await exported()]).toEqual(['A100', 'A100', 'A100']);
      await one(servers.replicaUrl, 'SELECT pg_wal_replay_resume()');
      await servers.caughtUp();
      expect([await found(), await experiment(), await exported()]).toEqual(['H100', 'H100', 'H100']);
      // Busy or idle: the last connection goes back a moment after its answer.
      const metrics = (await api.get('//metrics')).text;
      for (const server of ['primary', 'replica 1'])
        expect(metrics).toMatch(
          new RegExp(`^database_connections{server="${server}",state="(?:busy|idle)"} [1-9]`, 'm'),
        );
    });

    it('asks the primary while the replica is away', async () => {
      servers.stopReplica();
      await client.reportMetadata(1, { gpu: 'V100' });
      expect([await found(), await experiment(), await exported()]).toEqual(['V100', 'V100', 'V100']);
      expect((await api.get('//health/ready')).status).toBe(200);
    });
  });
}
