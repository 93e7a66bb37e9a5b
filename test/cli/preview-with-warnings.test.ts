import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { previewWithWarnings } from '../../src/cli/preview-with-warnings.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { HeardIo } from './heard-io.ts';

const test = suite('a look for a command');

test('warns of a damaged policy, of no good one, and leaves the firewall alone where it is told to', async () => {
  await using sandbox = await Sandbox.open();
  const [before, damaged] = [new HeardIo(), new HeardIo()];
  sandbox.writePolicy('allow:\n  - { net: 192.0.2.0/24 }\n');
  await makePass(worldOf(sandbox));

  const good = await previewWithWarnings(worldOf(sandbox), before, { firewall: false });
  sandbox.writePolicy('allow:\n  - { nett: 192.0.2.0/24 }\n');
  const whole = await previewWithWarnings(worldOf(sandbox), damaged);

  assert.equal([good.families.length, whole.families.length], [0, 2]);
  assert.is(before.stderr, '');
  assert.match(damaged.stderr, /^banspool: warning: policy\.yaml line 2: net is missing; .*\n$/);
});

test.run();
