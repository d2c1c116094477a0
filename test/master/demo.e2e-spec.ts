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
  const names = async (): Promise<readonly string[]> =>
    (await master.get('/projects')).body.items.map(({ name }: { readonly name: string }) => name);

  it('is filled in once, with trials that can be searched', async () => {
    expect(await fill()).toBe(450);
    const filter = { field: 'metadata.hardware.gpu', operator: 'is', value: 'NVIDIA T4' };
    const sort = [{ field: 'metadata.runtime_seconds', direction: 'desc' }];
    const { status, body } = await master.post('/trials/search', { filter, sort, limit: 1 });
    expect(status).toBe(200);
    expect(body.total.value).toBeGreaterThan(10);
    expect(body.items[0].metadata.software.framework).toContain('tensorflow');
    expect(await fill()).toBeUndefined();
    expect(await names()).toEqual([DEMO_PROJECT]);
  });

  it('does not come back when it was deleted', async () => {
    await fill();
    const [project] = (await master.get('/projects')).body.items;
    expect((await master.delete(`/projects/${project.id}`)).status).toBe(204);
    expect(await fill()).toBeUndefined();
    expect(await names()).toEqual([]);
  });

  it('stays away where there are projects already', async () => {
    await master.post('/projects', { name: 'mine' });
    expect(await fill()).toBeUndefined();
    expect(await names()).toEqual(['mine']);
  });

  it('is filled in once by masters that start at the same time', async () => {
    const filled = await Promise.all([fill(), fill(), fill()]);
    expect(filled.filter((trials) => trials !== undefined)).toEqual([450]);
  });
});
