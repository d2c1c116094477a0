import { summarySubject, summaryId } from './value-summary.js';

const path = ['hardware', 'gpu'];

describe('the summary that holds what a user sees', () => {
  it.each<[string, string | undefined, 'all' | readonly string[] | undefined, string | undefined | null]>([
    ['all trials, for who sees all', undefined, 'all', undefined],
    ['the project asked for, for who sees all', '7', 'all', '7'],
    ['the project asked for, when he sees it', '7', ['3', '7'], '7'],
    ['none, when he does not see the project', '8', ['3', '7'], null],
    ['none of several projects at once', undefined, ['3', '7'], null],
    ['his only project', undefined, ['3'], '3'],
    ['none, for who sees nothing', undefined, [], null],
    ['none, for who sees parts of projects', '7', undefined, null],
  ])('is of %s', (_, scope, visible, expected) => {
    const subject = summarySubject(path, scope, visible);
    expect(subject).toEqual(expected === null ? undefined : { path, scope: expected });
  });

  it('has another key for each scope and path, however they are written', () => {
    const subjects = [
      { path: ['a', 'b'], scope: undefined },
      { path: ['a.b'], scope: undefined },
      { path: ['a","b'], scope: undefined },
      { path: ['a', 'b'], scope: '' },
      { path: ['a', 'b'], scope: 'null' },
      { path: ['b'], scope: 'a' },
    ];
    expect(new Set(subjects.map(summaryId)).size).toBe(subjects.length);
  });
});
