import { accessSync, constants } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { realGate } from '../../src/access/real-gate.ts';
import { FakeGate } from '../support/fake-gate.ts';

const test = suite('the real gate');

test('has keys run a program that is there, and knows the accounts of this machine', async () => {
  const gate = realGate(new FakeGate().config);

  accessSync(gate.receive, constants.X_OK);
  assert.is((await gate.accounts.find('root'))?.uid, 0);
  assert.is(await gate.accounts.find('no-such-account'), undefined);
});

test.run();
