/** The made-up month is whole: a state that the program reads, with all that pages are to show. */
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rolledHours } from './rolled-hours.ts';
import { lastHeard } from '../../src/claims/last-heard.ts';
import { lastEvents } from '../../src/feed/follow.ts';
import { attacksOf, Chance, DAY_MS } from './month-attacks.ts';
import { makeMonth, MONTH_BANS, MONTH_SERVERS, SILENT_SERVER } from './month.ts';
import { makePass, worldOf } from './pass.ts';
import { freshMemory } from '../../src/pass/memory.ts';
import { Sandbox } from './sandbox.ts';

const month = suite('the made-up month');

month(
  'is a state of 3,285 bans by five servers, of which one is silent, and has a history of 30 days',
  async () => {
    await using sandbox = await Sandbox.open();
    const end = Date.now();
    const { drops, refused } = makeMonth(sandbox.folder, { end });
    const world = worldOf(sandbox);
    const memory = freshMemory(world);

    const pass = await makePass(world, memory);

    assert.equal(
      pass.problems.map(({ message }) => message),
      [],
    );
    assert.is(pass.bans, MONTH_BANS);
    const heard = lastHeard(memory.ledger.state);
    assert.equal([...heard.keys()].sort(), [...MONTH_SERVERS]);
    for (const [server, time] of heard)
      assert.ok(server === SILENT_SERVER ? end - time > 9 * DAY_MS : end - time < DAY_MS, server);
    const times = (await sandbox.git('log', '--format=%ct', '--', 'claims')).trim().split('\n').map(Number);
    assert.ok(times.length > 500);
    assert.ok(end - 1_000 * (times.at(-1) ?? 0) > 29 * DAY_MS);
    const hours = await rolledHours(world, 30);
    const [first] = hours;
    assert.ok(hours.length > 600 && end - (first?.time ?? end) > 28 * DAY_MS);
    assert.ok(hours.every(({ packets, latency }) => packets !== null && latency !== null));
    assert.ok(drops.length > 2_000 && refused.length > 20);
    assert.ok(lastEvents(join(sandbox.folder, 'events'), 50).length === 50);
  },
);

month('is the same for the same seed, and another for another', () => {
  const [a, b, c] = [1, 1, 2].map((seed) =>
    attacksOf(new Chance(seed), { end: Date.UTC(2026, 10, 29), inForce: 100 })
      .map(({ ip, jail, hits, until }) => JSON.stringify([ip.text, jail, hits, until]))
      .join(),
  );

  assert.is(a, b);
  assert.is.not(a, c);
});

month.run();
