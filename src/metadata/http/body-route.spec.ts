import { compileBodyRoute, findBodyRoute } from './body-route.js';

describe('the routes whose bodies are kept', () => {
  const routes = [
    compileBodyRoute({ path: '/trials/:trialId/metadata', limit: 1 }),
    compileBodyRoute({ path: '/metadata/batch', limit: 2 }),
  ];
  const limitOf = (method: string, url: string) => findBodyRoute(routes, method, url)?.limit;

  it.each([
    ['POST', '/trials/7/metadata', 1],
    ['PUT', '/api/v1/trials/7/metadata', 1],
    ['PATCH', '/api/v1/trials/7/metadata/', 1],
    ['DELETE', '/api/v1/TRIALS/abc/metadata?x=/y#z', 1],
    ['POST', '/trials/a%2Fb/m%65tadata', 1],
    ['POST', '/metadata/batch?x', 2],
    ['POST', '/v2/projects/3/metadata/batch', 2],
  ])('%s %s is one of them', (method, url, limit) => {
    expect(limitOf(method, url)).toBe(limit);
  });

  it.each([
    ['GET', '/trials/7/metadata'],
    ['HEAD', '/trials/7/metadata'],
    ['POST', '/trials/7/metadata/other'],
    ['POST', '/trials/7/8/metadata'],
    ['POST', '/trials//metadata'],
    ['POST', '/mytrials/7/metadata'],
    ['POST', '/search?path=/trials/7/metadata'],
    ['POST', '/trials/7/metadata%'],
    ['POST', ''],
  ])('%s %s is none', (method, url) => {
    expect(limitOf(method, url)).toBeUndefined();
  });

  it('takes what is special in a regular expression literally', () => {
    const odd = [compileBodyRoute({ path: '/a.b(c)/:id', limit: 3 })];
    expect(findBodyRoute(odd, 'POST', '/a.b(c)/1')?.limit).toBe(3);
    expect(findBodyRoute(odd, 'POST', '/aXb(c)/1')).toBeUndefined();
  });
});
