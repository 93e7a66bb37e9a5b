import { chownSync, mkdirSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { byOwner, gitOfOwner, shellOfOwner } from '../../src/ledger/git-of-owner.ts';
import { isUserNamespace } from '../support/namespaces.ts';
import { ledgerSuite } from './ledger-suite.ts';

const calling = ledgerSuite('a command for the shell of root');

const NOBODY = 65534;

calling('is run as it is on a state of root’s', async ({ world }) => {
  const { state } = world.config;
  mkdirSync(state);

  assert.is(await gitOfOwner(world, 'fsck'), `git -C ${state} fsck`);
  assert.is(await shellOfOwner(world, 'echo "x" > y'), 'echo "x" > y');
});

calling('is run as whose the state is, a line of shell as a whole', async ({ world }) => {
  if (isUserNamespace()) return;
  const { state } = world.config;
  mkdirSync(state);
  chownSync(state, NOBODY, NOBODY);

  assert.is(await gitOfOwner(world, 'fsck'), `runuser -u nobody -- git -C ${state} fsck`);
  assert.is(await byOwner(world, 'rm -f y'), 'runuser -u nobody -- rm -f y');
  assert.is(await shellOfOwner(world, 'echo "x" > y'), `runuser -u nobody -- sh -c 'echo "x" > y'`);
});

calling.run();
