import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countRemovals } from '../../../src/cli/plan/count-removals.ts';
import { preview } from '../../../src/pass/preview.ts';
import { banText } from '../../support/intent-text.ts';
import { makePass, worldOf } from '../../support/pass.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('what an earlier mode has left');

test('is counted where banspool has enforced something, and nothing where it never did', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));

  const found = await preview(worldOf(sandbox), { firewall: true, enforcing: true });

  const changes = {
    left: countRemovals(found),
    untouched: countRemovals({ ...found, untouched: new Set(['ipv4']) }),
  };
  assert.ok(changes.left > 0);
  assert.is(changes.untouched, 0);
});

test.run();
