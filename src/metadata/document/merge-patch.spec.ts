import fc from 'fast-check';
import { equalJson } from './equal-json.js';
import { isJsonObject, type JsonObject } from './json-value.js';
import { mergePatch } from './merge-patch.js';
import { parseJson } from './parse-json.js';
import { toJsonValue } from './to-json-value.js';
import { writeJson } from './write-json.js';

function documentOf(text: string): JsonObject {
  const value = parseJson(text);
  if (!isJsonObject(value)) throw new Error('Not an object.');
  return value;
}

describe('mergePatch', () => {
  // RFC 7396, appendix A, as far as both are objects.
  it.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('merges %s with %s into %s', (target, patch, merged) => {
    expect(writeJson(mergePatch(documentOf(target), documentOf(patch)))).toBe(merged);
  });

  it("merges the RFC's document of section 3", () => {
    const target = documentOf(
      '{"title":"Goodbye!","author":{"givenName":"John","familyName":"Doe"},"tags":["example","sample"],"content":"This will be unchanged"}',
    );
    const patch = documentOf(
      '{"title":"Hello!","phoneNumber":"+01-123-456-7890","author":{"familyName":null},"tags":["example"]}',
    );
    expect(writeJson(mergePatch(target, patch))).toBe(
      '{"title":"Hello!","author":{"givenName":"John"},"tags":["example"],"content":"This will be unchanged","phoneNumber":"+01-123-456-7890"}',
    );
  });

  it('keeps nulls inside lists, and a key __proto__', () => {
    expect(
      writeJson(mergePatch(documentOf('{"__proto__":{"a":1}}'), documentOf('{"__proto__":{"b":[null]}}'))),
    ).toBe('{"__proto__":{"a":1,"b":[null]}}');
  });

  it('changes neither argument, and nothing when applied again', () => {
    const object = fc
      .dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), fc.jsonValue())
      .map((plain) => toJsonValue(plain) as JsonObject);
    fc.assert(
      fc.property(object, object, (target, patch) => {
        const before = [writeJson(target), writeJson(patch)];
        const merged = mergePatch(target, patch);
        expect([writeJson(target), writeJson(patch)]).toEqual(before);
        expect(equalJson(mergePatch(merged, patch), merged)).toBe(true);
      }),
    );
  });
});
