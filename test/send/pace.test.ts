/** How soon one delivery follows another: the next ban of a row goes at once, and a burst goes in few deliveries. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NOW_MS, Sender, SHELLS } from './sender.ts';

const pace = suite('a row of deliveries');

const nameOf = (index: number): string => `${NOW_MS + index}000000-1-1.yaml`;

/** Ships an intent of its own so many times; returns how long after the start each arrived, in milliseconds. */
async function shipEach(
  sender: Sender,
  count: number,
  shell?: readonly string[],
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    sender.drop(nameOf(index), 'intent: ban');
    const ran = await sender.run(['ship'], shell === undefined ? {} : { shell });
    assert.is(ran.code, 0, ran.stderr);
    times.push(sender.clock - NOW_MS);
  }
  return times;
}

const ROW = [0, 0, 250, 750, 1750, 2750];

for (const shell of SHELLS) {
  pace(`goes at once, then after pauses of up to a second, under ${shell.join(' ')}`, async () => {
    await using sender = new Sender();

    assert.equal(await shipEach(sender, ROW.length, shell), ROW);
  });

  pace(
    `keeps the same pauses in one process that finds more each time, under ${shell.join(' ')}`,
    async () => {
      await using sender = new Sender();
      // With each delivery, another intent comes.
      sender.replaceProgram(
        'rsync',
        `read -r now <$world/now; echo "$now" >>$world/times
for word; do case $word in [0-9]*.yaml) last=\${word%%-*} ;; esac; done
[ "$(wc -l <$world/times)" -ge ${ROW.length} ] || echo ... >$world/outbox/$((last + 1000000))-1-1.yaml`,
      );
      sender.drop(nameOf(0), 'intent: ban');

      await sender.run(['ship', '--again'], { shell });

      const times = fs.readFileSync(join(sender.folder, 'times'), 'utf8').trim().split('\n');
      assert.equal(
        times.map((time) => Number(time.slice(0, -6)) - NOW_MS),
        ROW,
      );
    },
  );
}

pace('begins anew after 3 s without a delivery, and not before', async () => {
  await using sender = new Sender();
  const pauseAfter = async (restMs: number): Promise<number> => {
    await shipEach(sender, 4);
    sender.setClock(NOW_MS + 60_000);
    await shipEach(sender, 1);
    sender.setClock(NOW_MS + 60_000 + restMs);
    for (const index of [8, 9]) {
      sender.drop(nameOf(index), 'intent: ban');
      await sender.run(['ship']);
    }
    const paused = sender.clock - NOW_MS - 60_000 - restMs;
    sender.setClock(NOW_MS);
    return paused;
  };

  assert.equal([await pauseAfter(3000), await pauseAfter(2999)], [0, 250]);
});

pace('waits a second where sleep knows whole seconds only', async () => {
  await using sender = new Sender();
  const sleep = fs.readFileSync(join(sender.bin, 'sleep'), 'utf8').replace(/^#!.*\n/, '');
  sender.replaceProgram('sleep', `case $1 in *.*) echo 'invalid number' >&2; exit 1 ;; esac\n${sleep}`);

  assert.equal(await shipEach(sender, 3), [0, 0, 1000]);
});

pace('is not held up by what a full disk left, nor by a clock that was set back', async () => {
  await using sender = new Sender();
  await shipEach(sender, 4);
  for (const name of ['.row', '.delivered']) fs.writeFileSync(join(sender.outbox, name), '');

  const [afterFull = 0] = await shipEach(sender, 1);
  await shipEach(sender, 4);
  const before = sender.clock;
  sender.setClock(NOW_MS - 3_600_000);
  await shipEach(sender, 1);

  assert.ok(before > NOW_MS + afterFull);
  assert.is(sender.clock, NOW_MS - 3_600_000);
});

pace.run();
