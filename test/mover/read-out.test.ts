import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { MAX_PUBLISHED_BYTES } from '../../src/fleet/peer-file.ts';
import { readOut } from '../../src/mover/read-out.ts';
import { fleetOf, moverSuite, MOVER_WORLD, publication, publish, type Context } from './mover-suite.ts';

const out = moverSuite('what this firewall published');

const SHARD = 'ipv4/203.yaml';
const TOO_MANY = MAX_PUBLISHED_BYTES + 1;

const read = async (context: Context): ReturnType<typeof readOut> =>
  readOut(MOVER_WORLD.files, fleetOf(context, 'fw1').folder);

out('is read whole, with what names it and the signature', async (context) => {
  const published = publish(fleetOf(context, 'fw1'), 1, { [SHARD]: 'ä\n', 'lifts.yaml': 'no newline' });

  assert.equal(Object.fromEntries((await read(context)) ?? []), published);
});

for (const [what, harm] of [
  [
    'was never written',
    (folder) => {
      rmSync(folder, { recursive: true });
    },
  ],
  [
    'lacks a file',
    (folder) => {
      rmSync(join(folder, SHARD));
    },
  ],
  [
    'lacks its signature',
    (folder) => {
      rmSync(join(folder, 'peer.yaml.sig'));
    },
  ],
  [
    'has the signature of what was published before',
    (folder) => {
      writeFileSync(join(folder, 'peer.yaml.sig'), publication('fw1', 0, {})['peer.yaml.sig'] ?? '');
    },
  ],
  [
    'has a file of another text',
    (folder) => {
      writeFileSync(join(folder, SHARD), 'b\n');
    },
  ],
  [
    'has a file that is too large',
    (folder) => {
      writeFileSync(join(folder, SHARD), 'a'.repeat(TOO_MANY));
    },
  ],
  [
    'is named by another text',
    (folder) => {
      writeFileSync(join(folder, 'peer.yaml'), '{}');
    },
  ],
] as const satisfies readonly (readonly [string, (folder: string) => void])[])
  out(`is nothing where it ${what}`, async (context) => {
    const fleet = fleetOf(context, 'fw1');
    publish(fleet, 1, { [SHARD]: 'a\n' });

    harm(join(fleet.folder, 'out'));

    assert.is(await read(context), undefined);
  });

out.run();
