import { bootExperimentsHost, type ExperimentsHost } from '../experiments/experiments-host.js';

/** A host with the trials of the analysis tests, under names that say why each is there. */
export interface AnalysisHost extends ExperimentsHost {
  /** Everybody may see it. */
  readonly projectId: number;
  /** Only `admin` may see it. */
  readonly secretProjectId: number;
  readonly ids: Readonly<Record<TrialName, number>>;
}

/** A document as JSON text, so that its numbers are as they are written; undefined for no metadata at all. */
const TRIALS = {
  plain: '{"gpu": "A100", "runtime": 10, "opts": {"lr": 0.1, "tags": ["a"]}}',
  /** The same values as `plain`, written differently. */
  same: '{"gpu": "A100", "runtime": 10.0, "opts": {"lr": 0.10, "tags": ["a"]}}',
  /** Of the same group as `plain`. */
  slow: '{"gpu": "A100", "runtime": 25.5, "opts": {"lr": 0.2}}',
  nullGpu: '{"gpu": null, "runtime": 30}',
  /** A numeric string is no number. */
  emptyGpu: '{"gpu": "", "runtime": "30"}',
  /** A number beyond 2^53, and no `gpu`. */
  noGpu: '{"runtime": 9007199254740993}',
  bare: undefined,
  /** `opts` is an object elsewhere. */
  mixed: '{"gpu": "H100", "opts": "none", "runtime": null}',
  archived: '{"gpu": "A100", "runtime": 1000, "old": true}',
  secret: '{"gpu": "TPU", "runtime": 5, "codename": "x"}',
} as const;

export type TrialName = keyof typeof TRIALS;

/** Boots a host with the trials above; `secret` is in a project of its own. */
export async function bootAnalysisHost(): Promise<AnalysisHost> {
  const host = await bootExperimentsHost();
  const project = async (name: string) =>
    Number(
      await host.value(`INSERT INTO projects (name, created_at) VALUES ($1, now()) RETURNING id`, [name]),
    );
  const experiment = async (projectId: number, name: string) =>
    Number(
      await host.value(`INSERT INTO experiments (project_id, name) VALUES ($1, $2) RETURNING id`, [
        projectId,
        name,
      ]),
    );
  const [projectId, secretProjectId] = [await project('public vision'), await project('secret')];
  const experimentId = await experiment(projectId, 'resnet');
  const hiddenId = await experiment(secretProjectId, 'hidden');
  const ids: Partial<Record<TrialName, number>> = {};
  for (const [index, [name, document]] of Object.entries(TRIALS).entries()) {
    const id = Number(
      await host.value(
        `INSERT INTO trials (experiment_id, number, state, archived, start_time, end_time)
         VALUES ($1, $2, $3, $4, '2024-05-01T00:00:00.123456Z', $5::timestamptz) RETURNING id`,
        [
          name === 'secret' ? hiddenId : experimentId,
          index,
          name === 'bare' ? 'RUNNING' : 'COMPLETED',
          name === 'archived',
          name === 'bare' ? null : `2024-05-01T00:01:0${index}.123456Z`,
        ],
      ),
    );
    ids[name as TrialName] = id; // a name of TRIALS
    if (document !== undefined) await storeDocument(host, id, document);
  }
  return { ...host, projectId, secretProjectId, ids: ids as Record<TrialName, number> }; // all of them by now
}

/** Writes a document past the API, as its JSON text. */
export async function storeDocument(host: ExperimentsHost, trialId: number, document: string): Promise<void> {
  await host.dataSource.query(
    `INSERT INTO trial_metadata (trial_id, metadata, revision, updated_at) VALUES ($1, $2::jsonb, 1, now())`,
    [trialId, document],
  );
}
