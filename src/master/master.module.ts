import { createHmac } from 'node:crypto';
import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ExperimentsModule } from '../experiments/index.js';
import { MetadataUiModule } from '../ui/index.js';
import { AccessModule } from './access/access.module.js';
import { ProjectAccessPolicy } from './access/project-access.policy.js';
import { API_PREFIX } from './api-prefix.js';
import { QuickClient } from './database/quick-client.js';
import { DeterminedHostModule } from './determined/determined-host.module.js';
import { HealthModule } from './health/health.module.js';
import type { MasterOptions } from './master.options.js';
import { MASTER_OPTIONS } from './master.options.js';
import { OperationsModule } from './operations/operations.module.js';

/** Milliseconds that a request waits for a connection at most: as long as a statement may take. */
const WAIT_MS = 30_000;

/** The reference master: the plugin and the experiments on one data source, behind a bearer token. */
@Module({})
export class MasterModule {
  static register(options: MasterOptions): DynamicModule {
    return {
      module: MasterModule,
      global: true,
      imports: [
        TypeOrmModule.forRoot({
          type: 'postgres',
          ...serversOf(options),
          autoLoadEntities: true,
          installExtensions: false,
          // The database was there a moment ago; when it is not, the start says so at once.
          retryAttempts: 0,
          poolSize: options.poolSize ?? 10,
          extra: {
            connectionTimeoutMillis: WAIT_MS,
            Client: QuickClient,
            keepAlive: true,
            application_name: 'trial metadata master',
          },
        }),
        ExperimentsModule.forRoot({
          access: ProjectAccessPolicy,
          // The master's own routes read bodies and write cursors as these do.
          global: true,
          changes: options.changes ?? true,
          cursorSecret: cursorSecret(options.adminToken),
          indexAdvisor: options.indexAdvisor ?? 'off',
          indexBudget: options.indexBudget ?? {},
        }),
        AccessModule,
        DeterminedHostModule,
        OperationsModule,
        HealthModule,
        MetadataUiModule.forRoot({
          path: '/',
          apiBase: `/${API_PREFIX}`,
          except: ['/api', '/health', '/metrics'],
        }),
      ],
      providers: [{ provide: MASTER_OPTIONS, useValue: options }],
      exports: [MASTER_OPTIONS],
    };
  }
}

/** What is not asked for a replica by name goes to the primary: what was just written must be there. */
function serversOf({ databaseUrl, replicaUrls = [] }: MasterOptions) {
  if (replicaUrls.length === 0) return { url: databaseUrl };
  const slaves = replicaUrls.map((url) => ({ url }));
  return { replication: { defaultMode: 'master', master: { url: databaseUrl }, slaves } } as const;
}

/** A secret of its own for cursors, so that they outlive a restart, and are the same for all masters of one database. */
function cursorSecret(adminToken: string): string {
  return createHmac('sha256', adminToken).update('cursors').digest('hex');
}
