import type { Filter, SortKey } from 'nestjs-trial-metadata/client';
import { fillDemo } from '../../src/master/demo/fill-demo.js';
import { DEMO_PROJECT } from '../../src/master/demo/generate-demo.js';
import type { TestMaster } from '../support/index.js';
import { bootMaster } from '../support/index.js';

describe('the demo project', () => {
  let master: TestMaster;

  beforeEach(async () => {
    master = await bootMaster();
  });

  afterEach(() => master.close());

  const fill = (): Promise<number | undefined> =>
    fillDemo(master.app, String(Reflect.get(master.dataSource.options, 'url')));
  const projects = async () => (await master.client.call('listProjects', {})).items;
  const names = async () => (await projects()).map(({ name }) => name);

  it('is filled in once, with trials that can be searched', async () => {
    expect(await fill()).toBe(450);
    const filter: Filter = { field: 'metadata.hardware.gpu', operator: 'is', value: 'NVIDIA T4' };
    const sort: readonly SortKey[] = [{ field: 'metadata.runtime_seconds', direction: 'desc' }];
    const { items, total } = await master.client.searchTrials({ filter, sort, limit: 1 });
    expect(total?.value).toBeGreaterThan(10);
    expect(items[0]?.metadata).toMatchObject({
      software: { framework: expect.stringContaining('tensorflow') },
    });
    expect(await fill()).toBeUndefined();
    expect(await names()).toEqual([DEMO_PROJECT]);
  });

  it('does not come back when it was deleted', async () => {
    await fill();
    const [project] = await projects();
    await master.client.call('deleteProject', { path: { projectId: project!.id } });
    expect(await fill()).toBeUndefined();
    expect(await names()).toEqual([]);
  });

  it('stays away where there are projects already', async () => {
    await master.client.call('createProject', { body: { name: 'mine' } });
    expect(await fill()).toBeUndefined();
    expect(await names()).toEqual(['mine']);
  });

  it('is filled in once by masters that start at the same time', async () => {
    const filled = await Promise.all([fill(), fill(), fill()]);
    expect(filled.filter((trials) => trials !== undefined)).toEqual([450]);
  });
});
