import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { forgetMoved, noteMoved, readMoved } from '../../../src/ledger/store/moved-files.ts';
import { ledgerSuite } from '../ledger-suite.ts';

const moved = ledgerSuite('files that were moved');

moved(
  'are known, with those of before, to another process until git knows',
  async ({ folder, world: { files } }) => {
    mkdirSync(join(folder, 'claims'));
    const none = await readMoved(folder, files);
    await noteMoved(folder, files, ['claims/ipv4/203.0.yaml']);
    await noteMoved(folder, files, ['claims/old/2.yaml', 'claims/ipv4/203.0.yaml']);

    const noted = await readMoved(folder, files);
    await forgetMoved(folder, files);

    assert.equal(Array.from(none), []);
    assert.equal(Array.from(noted), ['claims/ipv4/203.0.yaml', 'claims/old/2.yaml']);
    assert.equal(Array.from(await readMoved(folder, files)), []);
    assert.equal(readdirSync(join(folder, 'claims')), []);
  },
);

moved.run();
