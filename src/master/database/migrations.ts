import type { MixedList } from 'typeorm';
import { experimentsMigrations } from '../../experiments/index.js';
import { metadataMigrations } from '../../metadata/index.js';
import { CreateMasterMarks1750000000200 } from '../migrations/1750000000200-create-master-marks.js';
import { CreateUsers1750000000300 } from '../migrations/1750000000300-create-users.js';

/** Every migration of the reference master, each feature's in the order that its tables need. */
export const masterMigrations: MixedList<new () => object> = [
  ...experimentsMigrations,
  ...metadataMigrations({ trial: { table: 'trials' } }),
  CreateMasterMarks1750000000200,
  CreateUsers1750000000300,
];
