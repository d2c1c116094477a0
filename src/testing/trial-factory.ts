import type { INestApplicationContext } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import {
  METADATA_DATA_SOURCE,
  MetadataService,
  TrustedUser,
  type MetadataInput,
  type TrialEntity,
  type TrialId,
} from '../metadata/index.js';
import { TestTrial } from './test-trial.entity.js';

/** Makes trials with metadata for a test. */
export interface TrialFactory {
  /**
   * Makes one trial.
   * @param metadata what is reported on it; nothing by default
   * @param columns properties of the host's entity; those that have no default must be there
   */
  create(metadata?: MetadataInput, columns?: object): Promise<TrialId>;
  /**
   * Makes several, one after the other.
   * @param metadataOf what is reported on each, counted from 0; nothing where it gives undefined
   * @param columns as of {@link create}: the same for all, or those of each
   */
  createMany(
    count: number,
    metadataOf: (index: number) => MetadataInput | undefined,
    columns?: object | ((index: number) => object),
  ): Promise<readonly TrialId[]>;
}

/**
 * Makes trials in a host that runs the plugin, through the host's own entity and the plugin's service; the author of what
 * is reported is `factory`.
 * @param app a testing module, or an application, that holds the `MetadataModule`
 * @param trial the host's entity; {@link TestTrial} by default
 */
export function trialFactory(
  app: INestApplicationContext,
  trial: TrialEntity = { entity: TestTrial },
): TrialFactory {
  const dataSource = app.get<DataSource>(METADATA_DATA_SOURCE, { strict: false });
  const metadataService = app.get(MetadataService, { strict: false });
  const user = new TrustedUser('factory');
  const create: TrialFactory['create'] = async (metadata, columns = {}) => {
    const repository = dataSource.getRepository<Record<string, unknown>>(trial.entity);
    const saved = await repository.save(repository.create(columns));
    const id = saved[trial.id ?? 'id'] as TrialId; // an id of the host, which the plugin checks
    if (metadata !== undefined) await metadataService.report(user, id, metadata);
    return id;
  };
  return {
    create,
    createMany: async (count, metadataOf, columns) => {
      const columnsOf = (index: number): object | undefined =>
        typeof columns === 'function' ? (columns as (index: number) => object)(index) : columns; // its only signature
      const ids: TrialId[] = [];
      for (let index = 0; index < count; index += 1) {
        ids.push(await create(metadataOf(index), columnsOf(index)));
      }
      return ids;
    },
  };
}
