/** What watches of both kinds are held to. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';

/** One on a folder, which `look` has to be called for, as the controller does whenever it looks into that. */
interface Bell extends AsyncDisposable {
  readonly look: () => void;
}

type Open = (folder: string, ring: () => void) => Bell;

/** It rings, and rings on when its folder is removed and made again. */
export async function assertRingsAnew(open: Open): Promise<void> {
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
  await untilRung(() => undefined);
  mkdirSync(folder);
  bell.look();

  await untilArmed();
  for (let number = 0; number < 5; number += 1)
    await untilRung(() => {
      writeFileSync(join(folder, `file-${number}`), String(rings));
    });
}
