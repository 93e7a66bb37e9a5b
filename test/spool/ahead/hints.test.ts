import fc from 'fast-check';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Hints, MOST_HINTS } from '../../../src/spool/ahead/hints.ts';
import { sweep } from '../../../src/spool/sweep.ts';
import { spoolFiles, type SpoolEntry } from '../../../src/system/files/spool-files.ts';

const hinting = suite('hints');

const MAKE: Readonly<Record<string, (path: string) => void>> = {
  file: (path) => {
    writeFileSync(path, 'text');
  },
  folder: (path) => {
    mkdirSync(path);
  },
  link: (path) => {
    symlinkSync('nowhere', path);
  },
  nothing: () => undefined,
};

/** What may stand in a server's folder, by any name. */
const anything = fc.uniqueArray(
  fc.record({
    server: fc.constantFrom('web1', 'web2'),
    name: fc.constantFrom('1.yaml', '2.yaml', '10.yaml', '.3.yaml', '4.yaml.Xy', 'é.yaml', '\u0007.yaml'),
    what: fc.constantFrom(...Object.keys(MAKE)),
  }),
  { selector: ({ server, name }) => `${server}/${name}`, maxLength: 12 },
);

const shown = ({ name, isFile, isFolder, bytes }: SpoolEntry): string =>
  `${name} ${isFile} ${isFolder} ${bytes.toString('hex')}`;

hinting('lead to what a sweep finds, in its order, where all that happened was heard', () => {
  fc.assert(
    fc.property(anything, (made) => {
      const spool = mkdtempSync(join(tmpdir(), 'hints-'));
      const hints = new Hints(spool, spoolFiles);
      for (const server of ['web1', 'web2']) mkdirSync(join(spool, server));
      for (const { server, name, what } of made) {
        MAKE[what]?.(join(spool, server, name));
        hints.heard(server, Buffer.from(name));
      }

      const looked = hints.look();

      for (const [server, entries] of sweep(spool, spoolFiles).waiting) {
        const found = looked.filter((each) => each.server === server).map(({ entry }) => shown(entry));
        assert.equal(found, entries.map(shown));
      }
      assert.is(looked.length, [...sweep(spool, spoolFiles).waiting.values()].flat().length);
      rmSync(spool, { recursive: true });
    }),
    { numRuns: 100 },
  );
});

hinting('are of no use where more come at once than a few, until a sweep has seen them', () => {
  const spool = mkdtempSync(join(tmpdir(), 'hints-'));
  mkdirSync(join(spool, 'web1'));
  const hints = new Hints(spool, spoolFiles);
  const hear = (count: number): number => {
    for (let number = 0; number < count; number += 1) {
      writeFileSync(join(spool, 'web1', `${number}.yaml`), '');
      // A file that is written in place is told of several times.
      for (let times = 0; times < 3; times += 1) hints.heard('web1', Buffer.from(`${number}.yaml`));
    }
    return hints.look().length;
  };

  const counts = [hear(MOST_HINTS), hear(MOST_HINTS + 1), hear(1)];
  hints.clear();

  assert.equal([...counts, hear(1)], [MOST_HINTS, 0, 0, 1]);
  rmSync(spool, { recursive: true });
});

hinting('of temporary files are none', () => {
  const hints = new Hints('/nowhere', spoolFiles);

  assert.equal(
    ['1.yaml', '.1.yaml.Xy', '1.yaml.Xy', '.1.yaml'].map((name) => hints.heard('web1', Buffer.from(name))),
    [true, false, false, false],
  );
});

hinting.run();
