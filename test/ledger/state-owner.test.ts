import { chownSync, mkdirSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { ownerOfState, stateOwner } from '../../src/ledger/state-owner.ts';
import { isUserNamespace } from '../support/namespaces.ts';
import { ledgerSuite } from './ledger-suite.ts';

const owning = ledgerSuite('the owner of the state');

const NOBODY = 65534;

owning(
  'is that of its folder, and before that is made that of the folder around it',
  async ({ folder, world }) => {
    if (isUserNamespace()) return;
    const { state } = world.config;
    chownSync(folder, NOBODY, NOBODY);

    const before = [(await stateOwner(world))?.name, ownerOfState(world.config)?.uid];
    mkdirSync(state);
    const after = [(await stateOwner(world))?.name, ownerOfState(world.config)?.uid];

    assert.equal(
      [before, after],
      [
        ['nobody', NOBODY],
        ['root', 0],
      ],
    );
  },
);

owning('is unknown where neither is there', async ({ folder, world }) => {
  const nowhere = { ...world, config: { ...world.config, state: `${folder}/none/state` } };

  assert.is(await stateOwner(nowhere), undefined);
  assert.is(ownerOfState(nowhere.config), undefined);
});

owning.run();
