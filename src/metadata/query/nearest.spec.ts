import { nearest } from './nearest.js';

test('finds what is spelt nearly so, nearest first, whatever the case', () => {
  expect(nearest('conatins', ['is', 'contains', 'doesNotContain'])).toEqual(['contains']);
  expect(nearest('RUNTIME_SECOND', ['runtime_seconds', 'runtime', 'runtime_second'])).toEqual([
    'runtime_second',
    'runtime_seconds',
  ]);
  expect(nearest('aab', ['abb', 'aab', 'bbb', 'aaa', 'aac'])).toEqual(['aab', 'abb', 'aaa']);
});

test('a swap of neighbours is one mistake', () => {
  expect(nearest('gpu', ['gup'])).toEqual(['gup']);
});

test('gives nothing that has little in common, and nothing for nothing', () => {
  expect(nearest('gpu', ['framework', 'runtime_seconds', 'cpus'])).toEqual([]);
  expect(nearest('', ['a'])).toEqual([]);
  expect(nearest('a', [])).toEqual([]);
});
