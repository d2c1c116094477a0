import { formatField } from '../metadata/index.js';
import { parseRunSort } from './parse-run-sort.js';

const read = (text: string): readonly string[] =>
  parseRunSort(text).map((key) => `${formatField(key.field)} ${key.direction} ${key.as}`);

describe('parseRunSort', () => {
  it.each([
    ['id=asc', ['trial.id asc json']],
    ['metadata.a.b=desc,id=asc', ['metadata.a.b desc json', 'trial.id asc json']],
    ['experimentName=asc,startTime=desc', ['experiment.name asc json', 'trial.startTime desc json']],
    ['metadata."a,b"."c=d"=asc,state=desc', ['metadata.a,b.c=d asc json', 'trial.state desc json']],
    ['metadata.a=b=asc', ['metadata.a=b asc json']],
    ['metadata.a b=asc', ['metadata."a b" asc json']],
  ])('reads %s', (text, keys) => {
    expect(read(text)).toEqual(keys);
  });

  it('leaves out columns that runs of ours do not have', () => {
    expect(read('searcherMetricsVal=asc,hp.lr=desc,validation.loss.min=asc,id=desc')).toEqual([
      'trial.id desc json',
    ]);
  });

  it.each([
    ['', 'invalid sort parameter: '],
    ['id', 'invalid sort parameter: id'],
    ['id=asc=desc', 'invalid sort parameter: id=asc=desc'],
    ['id=asc,', 'invalid sort parameter: '],
    ['id=up', 'invalid sort direction: up'],
    ['id=', 'invalid sort direction: '],
    ['metadata.a=ASC', 'invalid sort direction: ASC'],
    ['nonsense=asc', 'invalid sort col: nonsense'],
    ['constructor=asc', 'invalid sort col: constructor'],
    ['=asc', 'invalid sort col: '],
    [Array(21).fill('id=asc').join(','), 'invalid sort parameter: more than 20 columns'],
  ])('refuses %j', (text, message) => {
    expect(() => parseRunSort(text)).toThrow(message);
  });
});
