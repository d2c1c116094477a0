import { InvalidRequestError, parseJson } from '../../metadata/index.js';
import { CHANGE_TRIAL, CREATE_EXPERIMENT, CREATE_PROJECT } from '../dto/bodies.js';
import { readObject, type Properties } from './read-object.js';

function problemsOf(text: string, properties: Properties): readonly unknown[] {
  try {
    readObject(parseJson(text), properties);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.problems.map(({ path, code }) => [path, code]);
    throw error;
  }
  return [];
}

describe('readObject', () => {
  it('gives the properties that are there', () => {
    const body = readObject(
      parseJson('{"name": "MNIST", "projectId": 3, "labels": ["a"]}'),
      CREATE_EXPERIMENT,
    );
    expect(body).toEqual({ name: 'MNIST', projectId: 3, labels: ['a'] });
  });

  it('lists every fault at once, each at its place', () => {
    const text = '{"projectId": 1.5, "description": 3, "labels": ["a", "", 2], "colour": "red"}';
    expect(problemsOf(text, CREATE_EXPERIMENT)).toEqual([
      ['colour', 'unknown_property'],
      ['name', 'value_missing'],
      ['projectId', 'value_not_accepted'],
      ['description', 'value_not_accepted'],
      ['labels[1]', 'value_not_accepted'],
      ['labels[2]', 'value_not_accepted'],
    ]);
  });

  it.each(['null', '[]', '"name"', '3', 'true'])('refuses %s, which is no object', (text) => {
    expect(problemsOf(text, CREATE_PROJECT)).toEqual([['body', 'value_not_accepted']]);
  });

  it.each(['__proto__', 'constructor', 'toString', ''])('knows no property %p', (key) => {
    const text = JSON.stringify({ name: 'x' }).replace('{', `{${JSON.stringify(key)}: 1,`);
    expect(problemsOf(text, CREATE_PROJECT)).toEqual([[key === '' ? '""' : key, 'unknown_property']]);
  });

  it.each(['""', '"  "', 'null', '7', '["a"]'])('refuses the name %s', (text) => {
    expect(problemsOf(`{"name": ${text}}`, CREATE_PROJECT)).toEqual([['name', 'value_not_accepted']]);
  });

  it('refuses a name of 501 characters and says how long it may be', () => {
    const read = () => readObject(parseJson(JSON.stringify({ name: 'x'.repeat(501) })), CREATE_PROJECT);
    expect(read).toThrow(InvalidRequestError);
    expect(problemsOf(JSON.stringify({ name: 'x'.repeat(501) }), CREATE_PROJECT)).toEqual([
      ['name', 'text_too_long'],
    ]);
    expect(problemsOf(JSON.stringify({ name: 'x'.repeat(500) }), CREATE_PROJECT)).toEqual([]);
    expect(problemsOf(JSON.stringify({ name: '😀'.repeat(500) }), CREATE_PROJECT)).toEqual([]);
  });

  it.each(['0', '-1', '1.5', '1e3', '9007199254740993', '"1"', 'null'])('refuses the id %s', (text) => {
    const body = `{"name": "x", "projectId": ${text}}`;
    expect(problemsOf(body, CREATE_EXPERIMENT)).toEqual([['projectId', 'value_not_accepted']]);
  });

  it('names the accepted states when one is unknown', () => {
    expect(() => readObject(parseJson('{"state": "DONE"}'), CHANGE_TRIAL)).toThrow(
      'state: There is no such state. Accepted: ACTIVE, RUNNING, PAUSED, COMPLETED, CANCELED, ERROR.',
    );
  });

  it('takes null as the end of a time', () => {
    expect(readObject(parseJson('{"endTime": null}'), CHANGE_TRIAL)).toEqual({ endTime: null });
    expect(problemsOf('{"endTime": "noon"}', CHANGE_TRIAL)).toEqual([['endTime', 'value_not_accepted']]);
  });
});
