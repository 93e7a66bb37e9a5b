import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countGenerations } from '../../support/count-generations.ts';
import { banText } from '../../support/intent-text.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('reconcile');

const ATTACKER = '198.51.100.7';

test('makes no netfilter transaction when nothing is to be changed', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText(ATTACKER));

  const first = await countGenerations(() => sandbox.cli('reconcile'));
  const second = await countGenerations(() => sandbox.cli('reconcile'));

  assert.is(first, 1);
  assert.is(second, 0);
});

test.run();
