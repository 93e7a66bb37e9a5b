import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { EarlyBans, type Moment } from '../../src/ledger/early-bans.ts';
import { ban, bansAt, heard, HOUR, millis, START } from '../claims/said.ts';
import { ledgerSuite } from './ledger-suite.ts';

const early = ledgerSuite('a ban that came before the clock was set');

/** Seconds after {@link START}, and since the boot. */
const at = (now: number, sinceBoot: number): Moment => ({ now: millis(now), steady: sinceBoot * 1000 });

const BAN = ban(0, 600);
const BANNED = heard(0, BAN);

early('lasts as long as was meant, also for another process', async ({ world }) => {
  const mine = new EarlyBans(world);
  await mine.keepLengths(BANNED, at(0, 30));
  await mine.note([BAN], at(1, 31));

  const kept = await mine.keepLengths(BANNED, at(HOUR, 40));
  const others = await new EarlyBans(world).keepLengths(BANNED, at(HOUR, 40));

  const lasting = [`web1 sshd 203.0.113.7 until ${HOUR + 590}`];
  assert.equal([bansAt(kept, HOUR), bansAt(others, HOUR)], [lasting, lasting]);
});

early('ends by the clock where another boot wrote it down', async ({ world }) => {
  const mine = new EarlyBans(world);
  await mine.keepLengths(BANNED, at(0, 30));
  await mine.note([BAN], at(0, 30));
  const path = join(world.config.runtime, 'early-bans.json');
  const noted = JSON.parse(readFileSync(path, 'utf8')) as { readonly bans: readonly unknown[] };
  writeFileSync(path, JSON.stringify({ ...noted, boot: 'another' }));

  const kept = await new EarlyBans(world).keepLengths(BANNED, at(HOUR, 40));

  assert.is(noted.bans.length, 1);
  assert.is(kept, BANNED);
});

early(
  'is none where the machine runs for hours already, unless it comes out of the future',
  async ({ world }) => {
    const mine = new EarlyBans(world);
    const future = ban(0, 600, { ip: '203.0.113.8' });
    const state = heard(0, BAN, future);
    await mine.keepLengths(state, at(0, 2 * HOUR));
    await mine.note([BAN], at(1, 2 * HOUR + 1));
    await mine.note([future], at(0, 2 * HOUR + 1));

    const kept = await mine.keepLengths(state, at(HOUR, 2 * HOUR + 1));

    assert.equal(bansAt(kept, HOUR), [`web1 sshd 203.0.113.8 until ${(millis(HOUR) - START) / 1000 + 600}`]);
  },
);

early.run();
