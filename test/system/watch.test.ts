/**
 * The doorbell on folders, by itself: in the controller, which also looks without being rung for, nobody would miss
 * it.
 */
import { suite } from 'uvu';
import { openDoorbell } from '../../src/system/watch.ts';
import { assertRingsAnew } from './rings-anew.ts';

const test = suite('the doorbell');

test('on the spool rings on when that is removed and made again', async () => {
  await assertRingsAnew((folder, ring) => {
    const bell = openDoorbell({ folders: [folder], depth: 0, ring, warn: () => undefined });
    return {
      look: () => {
        bell.rearm([folder]);
      },
      [Symbol.asyncDispose]: bell.close,
    };
  });
});

test.run();
