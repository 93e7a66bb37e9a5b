import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText } from '../support/intent-text.ts';
import { freshMemory } from '../../src/pass/memory.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('enforcing and looking');

test('asks each program once in a full pass, and none in a quick one', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('203.0.113.7'));
  const asked: string[] = [];
  const { run } = worldOf(sandbox);
  const world = worldOf(sandbox, {
    run: (file, args, options) => {
      asked.push([file, ...args].join(' '));
      return run(file, args, options);
    },
  });
  const memory = freshMemory(world);
  await makePass(world, memory);
  const countIn = async (kind: 'full' | 'quick'): Promise<readonly number[]> => {
    asked.length = 0;
    await makePass(world, memory, kind);
    return [/^nft list flowtables/, /^git ls-files .*-v/, /^git ls-files .*--ignored/].map(
      (words) => asked.filter((each) => words.test(each)).length,
    );
  };

  assert.equal(await countIn('full'), [1, 1, 1]);
  assert.equal(await countIn('quick'), [0, 0, 0]);
});

test.run();
