import fc from 'fast-check';
import { diffDocuments } from './diff-documents.js';
import { isJsonObject, type JsonObject } from './json-value.js';
import { leafFields } from './leaf-fields.js';
import { parseJson } from './parse-json.js';
import { formatPath } from './path.js';
import { toJsonValue } from './to-json-value.js';
import { writeJson } from './write-json.js';

function documentOf(text: string): JsonObject {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new Error('Not an object.');
  return value;
}

const textOf = (value: unknown) => (value === undefined ? undefined : writeJson(value));

function diff(before: string, after: string) {
  return diffDocuments(documentOf(before), documentOf(after)).map((change) => [
    formatPath(change.path),
    textOf(change.before),
    textOf(change.after),
  ]);
}

describe('leafFields', () => {
  it('takes scalars, lists and empty objects as leaves and descends other objects', () => {
    const document = documentOf('{"b":{"c":1,"d":{}},"a":[{"x":1}],"":{"":null}}');
    expect(
      Array.from(leafFields(document), ({ path, value }) => [formatPath(path), writeJson(value)]),
    ).toEqual([
      ['b.c', '1'],
      ['b.d', '{}'],
      ['a', '[{"x":1}]'],
      ['"".""', 'null'],
    ]);
  });

  it('finds none in the empty document', () => {
    expect(Array.from(leafFields(new Map()))).toEqual([]);
  });
});

describe('diffDocuments', () => {
  it('lists what changed leaf by leaf, sorted by path', () => {
    const before =
      '{"z":1,"same":1.0,"hardware":{"gpu":"V100","count":8},"tags":["a"],"gone":{"x":{"y":true}}}';
    const after = '{"same":1,"hardware":{"gpu":"A100","count":8,"mem":80},"tags":["a","b"],"z":null}';
    expect(diff(before, after)).toEqual([
      ['gone.x.y', 'true', undefined],
      ['hardware.gpu', '"V100"', '"A100"'],
      ['hardware.mem', undefined, '80'],
      ['tags', '["a"]', '["a","b"]'],
      ['z', '1', 'null'],
    ]);
  });

  it('shows a scalar that becomes an object as one leaf gone and others come', () => {
    expect(diff('{"a":1}', '{"a":{"b":1,"c":2}}')).toEqual([
      ['a', '1', undefined],
      ['a.b', undefined, '1'],
      ['a.c', undefined, '2'],
    ]);
    expect(diff('{"a":{"b":1}}', '{"a":[]}')).toEqual([
      ['a', undefined, '[]'],
      ['a.b', '1', undefined],
    ]);
    expect(diff('{"a":{}}', '{"a":{"b":1}}')).toEqual([
      ['a', '{}', undefined],
      ['a.b', undefined, '1'],
    ]);
  });

  it('turns the leaves of one document into those of the other, and back', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const object = fc
      .dictionary(key, fc.oneof(fc.jsonValue(), fc.dictionary(key, fc.dictionary(key, fc.nat(2)))))
      .map((plain) => toJsonValue(plain) as JsonObject);
    const leaves = (document: JsonObject) =>
      new Map(Array.from(leafFields(document), ({ path, value }) => [formatPath(path), writeJson(value)]));
    fc.assert(
      fc.property(object, object, (before, after) => {
        const moved = leaves(before);
        const changes = diffDocuments(before, after);
        for (const change of changes) {
          const path = formatPath(change.path);
          expect(moved.get(path)).toBe(textOf(change.before));
          if (change.after === undefined) moved.delete(path);
          else moved.set(path, writeJson(change.after));
        }
        expect(moved).toEqual(leaves(after));
        expect(diffDocuments(after, before)).toEqual(
          changes.map(({ path, before: old, after: now }) => ({ path, before: now, after: old })),
        );
      }),
    );
  });
});
