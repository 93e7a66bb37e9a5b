/** The doorbell on folders, by itself: in the controller, which also looks without being rung for, nobody would miss it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openFolderWatches } from '../../src/system/folder-watches.ts';
import { openDoorbell } from '../../src/system/watch.ts';
import { eventually } from '../support/eventually.ts';

const test = suite('the doorbell');

/** One on a folder, which `look` has to be called for, as the controller does whenever it looks into that. */
interface Bell extends AsyncDisposable {
  readonly look: () => void;
}

type Open = (folder: string, ring: () => void) => Bell;

const openings: Readonly<Record<string, Open>> = {
  'the spool': (folder, ring) => {
    const bell = openDoorbell({ folders: [folder], depth: 0, ring, warn: ignore });
    return {
      look: () => {
        bell.rearm([folder]);
      },
      [Symbol.asyncDispose]: bell.close,
    };
  },
  'a server’s folder': (folder, ring) => {
    const bell = openFolderWatches(ring, ignore);
    return {
      look: () => {
        bell.set([folder]);
      },
      [Symbol.asyncDispose]: () => {
        bell.close();
        return Promise.resolve();
      },
    };
  },
};

const ignore = (): void => undefined;

for (const [what, open] of Object.entries(openings)) {
  test(`on ${what} rings on when that is removed and made again`, async () => {
    const folder = join(mkdtempSync('/run/watch-'), 'folder');
    mkdirSync(folder);
    let rings = 0;
    await using bell = open(folder, () => {
      rings += 1;
    });
    /** It is armed some time after it was opened, so something is done until it rings. */
    const untilArmed = async (): Promise<void> => {
      await untilRung(() => {
        writeFileSync(join(folder, 'file'), String(rings));
      });
    };
    const untilRung = async (touch: () => void): Promise<void> => {
      const before = rings;
      await eventually(() => {
        touch();
        assert.ok(rings > before, 'it does not ring');
      });
    };

    bell.look();
    await untilArmed();
    rmSync(folder, { recursive: true });
    // What it rings for the removal is no sign of life of the new one.
    await untilRung(ignore);
    mkdirSync(folder);
    bell.look();

    await untilArmed();
    for (let number = 0; number < 5; number += 1)
      await untilRung(() => {
        writeFileSync(join(folder, `file-${number}`), String(rings));
      });
  });
}

test.run();
