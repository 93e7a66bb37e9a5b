import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clearStrays } from '../../src/spool/clear-strays.ts';
import { sweep } from '../../src/spool/sweep.ts';
import type { World } from '../../src/world/world.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const clearing = suite('what cut transfers left');

/** Names with their ages in seconds. */
function leave(sandbox: Sandbox, ages: Readonly<Record<string, number>>): void {
  mkdirSync(join(sandbox.spool, 'web1'), { recursive: true });
  for (const [name, age] of Object.entries(ages)) {
    const path = join(sandbox.spool, 'web1', name);
    writeFileSync(path, 'x');
    utimesSync(path, Date.now() / 1000 - age, Date.now() / 1000 - age);
  }
}

const clear = (world: World): ReturnType<typeof clearStrays> =>
  clearStrays(world, sweep(world.config.spool, world.spoolFiles).strays);

clearing('goes once nobody wrote to it for an hour, with one line a server', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox, { now: () => Date.now() + 3_600_000 + 1_000 });
  leave(sandbox, { '.a.yaml.Xy12ab': 5, '.b.yaml.Xy12ab': 5, 'c.yaml': 5 });
  const soon = clear(worldOf(sandbox));

  const { warnings, problems } = clear(world);

  assert.equal([soon.warnings, problems], [[], []]);
  assert.is(warnings.length, 1);
  assert.match(
    warnings[0] ?? '',
    /^web1: removed 2 temporary files of interrupted transfers, such as \.[ab]\.yaml/,
  );
  assert.equal(readdirSync(join(sandbox.spool, 'web1')), ['c.yaml']);
});

clearing('is a problem where it cannot be removed', async () => {
  await using sandbox = await Sandbox.open();
  const real = worldOf(sandbox, { now: () => Date.now() + 3_700_000 });
  leave(sandbox, { '.a.yaml.Xy12ab': 5 });
  const remove = (): never => {
    throw new Error('EROFS: read-only file system');
  };

  const { problems } = clear({ ...real, spoolFiles: { ...real.spoolFiles, remove } });

  assert.is(problems[0]?.reason, 'CannotRemove');
  assert.match(problems[0]?.message ?? '', 'web1: cannot remove temporary files of transfers: EROFS');
});

clearing.run();
