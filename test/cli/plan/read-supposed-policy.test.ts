import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readSupposedPolicy } from '../../../src/cli/plan/read-supposed-policy.ts';
import { Sandbox } from '../../support/sandbox.ts';
import { HeardIo } from '../heard-io.ts';

const test = suite('a policy that is supposed');

test('is read whole or not at all: each mistake is told with its line and column', async () => {
  await using sandbox = await Sandbox.open();
  const [good, wrong] = ['good', 'wrong'].map((name) => join(sandbox.folder, name));
  writeFileSync(good ?? '', 'allow: [{ net: 192.0.2.0/24 }]\n');
  writeFileSync(wrong ?? '', 'alow: []\ndeny: [{ net: x }]\n');
  const io = new HeardIo();

  const read = [await readSupposedPolicy(io, good ?? ''), await readSupposedPolicy(io, wrong ?? '')];

  assert.equal(
    read.map((policy) => policy?.allow.map(({ net }) => net.text)),
    [['192.0.2.0/24'], undefined],
  );
  assert.match(io.stderr, `${wrong ?? ''}:1:1: alow: unknown key`);
  assert.match(io.stderr, `${wrong ?? ''}:2:`);
});

test.run();
