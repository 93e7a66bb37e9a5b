import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { keepGiven } from '../../src/pass/keep-given.ts';
import type { Memory } from '../../src/pass/memory.ts';

const keeping = suite('what was given');

keeping('is kept of sources and of lists, which tell what they became', async () => {
  const kept: string[] = [];
  const keep = (what: string, lines: readonly string[]) => (): Promise<readonly string[]> => {
    kept.push(what);
    return Promise.resolve(lines);
  };
  const memory: unknown = {
    sources: { keep: keep('sources', []) },
    lists: { keep: keep('lists', ['list a']) },
  };

  const lines = await keepGiven(memory as Memory);

  assert.equal([kept, lines], [['sources', 'lists'], ['list a']]);
});

keeping.run();
