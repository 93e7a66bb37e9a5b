/**
 * The laws of a fleet: whatever is said, cut, lost and restarted, in whatever order it arrives, after one exchange in
 * each direction all firewalls hold the same, and no failure on the way lifted a ban.
 */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Intent } from '../../src/intent/intent.ts';
import { EVERY_JAIL, OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { anyIntent } from '../support/arbitraries.ts';
import { openMemoryFleet, type MemoryFirewall } from '../support/fleet-of-memory.ts';

const laws = suite('fleet laws');

const START = 1_795_330_000_000;
const SECOND = 1000;
const HOUR = 3_600_000;
const LONGEST_CUT = 6 * 24 * HOUR;

type Step =
  | { readonly kind: 'say'; readonly at: number; readonly server: string; readonly intent: Intent }
  | { readonly kind: 'carry'; readonly from: number; readonly to: number; readonly cut: number }
  | { readonly kind: 'wait'; readonly hours: number }
  | { readonly kind: 'restart'; readonly at: number }
  | { readonly kind: 'stop'; readonly at: number };

const NAMES = ['fw1', 'fw2', 'fw3'];
const index = fc.nat({ max: NAMES.length - 1 });

/** Each second one of these happens. */
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc
        .tuple(
          index,
          fc.constantFrom('web1', 'web1', OPERATOR),
          anyIntent({
            nets: fc.constantFrom('203.0.113.7', '203.0.113.7', '2001:db8::7').map(netOf),
            jails: fc.constantFrom('sshd', 'sshd', 'web'),
            times: fc.constant(0),
            lengths: fc.constantFrom(5 * SECOND, HOUR, 40 * HOUR, Infinity),
          }),
          fc.boolean(),
        )
        .map(([at, server, intent, isEvery]): Step => {
          const isLift = server === OPERATOR && intent.intent === 'unban' && isEvery;
          return { kind: 'say', at, server, intent: isLift ? { ...intent, jail: EVERY_JAIL } : intent };
        }),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(index, index, fc.constantFrom(0, 0, 1, 2, 3))
        .map(([from, to, cut]): Step => ({ kind: 'carry', from, to, cut })),
    },
    { weight: 1, arbitrary: fc.constantFrom(1, 26).map((hours): Step => ({ kind: 'wait', hours })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('restart', 'stop'), index)
        .map(([kind, at]): Step => ({ kind, at })),
    },
  ),
  { minLength: 1, maxLength: 24, size: 'max' },
);

/** The intent as it is said at that time. */
function saidAt(intent: Intent, time: number): Intent {
  const ends = <T extends { readonly until: number; readonly time: number }>(ban: T): T => ({
    ...ban,
    time,
    until: time + (ban.until - ban.time),
  });
  if (intent.intent === 'ban' || intent.intent === 'prolong') return ends(intent);
  if (intent.intent === 'snapshot') return { ...intent, time, bans: intent.bans.map(ends) };
  return { ...intent, time };
}

const pick = <T>(list: readonly T[], at: number): T => {
  const found = list[at];
  if (found === undefined) throw new Error(`there is no ${at}`);
  return found;
};

/** Makes all of it happen, a second each; returns the time after. */
async function happen(fleet: readonly MemoryFirewall[], history: readonly Step[]): Promise<number> {
  let now = START;
  for (const step of history) {
    now += SECOND;
    // A peer that was away for longer than its longest ban may miss an unban.
    if (step.kind === 'wait') now = Math.max(now, Math.min(now + step.hours * HOUR, START + LONGEST_CUT));
    else if (step.kind === 'say')
      await pick(fleet, step.at).pass(now, {
        sent: [{ server: step.server, intent: saidAt(step.intent, now) }],
      });
    else if (step.kind === 'stop') await pick(fleet, step.at).pass(now, { isStopped: true });
    else if (step.kind === 'restart') pick(fleet, step.at).restart();
    else if (step.from !== step.to) {
      const [from, to] = [pick(fleet, step.from), pick(fleet, step.to)];
      // A copy that is cut leaves the signature, or what it is over, as it was before.
      const isCut = step.cut === 1 || step.cut === 2;
      from.carryTo(to, (path) => isCut && path.endsWith('peer.yaml') === (step.cut === 1));
      // Or comes whole, to a disk that is full.
      await to.pass(now, { isUnsaved: step.cut === 3 });
    }
  }
  return now;
}

/** All publish, all is carried, all hear. */
async function exchange(fleet: readonly MemoryFirewall[], now: number): Promise<void> {
  for (const each of fleet) await each.pass(now);
  for (const from of fleet) for (const to of fleet) if (from !== to) from.carryTo(to);
  for (const each of fleet) await each.pass(now);
}

laws('after one exchange in each direction all hold the same, and trouble nobody', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      const fleet = openMemoryFleet(NAMES);
      const now = (await happen(fleet, history)) + SECOND;

      await exchange(fleet, now);

      const [first, ...others] = fleet.map((each) => each.bans(now));
      for (const other of others) assert.equal(other, first);
      assert.equal(
        fleet.flatMap((each) => each.troubles(now)),
        [],
      );
    }),
    { numRuns: 1_000 },
  );
});

laws('what any server of theirs bans and no operator lifted, all drop', async () => {
  await fc.assert(
    fc.asyncProperty(
      steps.map((all) => all.filter((step) => step.kind !== 'say' || step.server !== OPERATOR)),
      async (history) => {
        const fleet = openMemoryFleet(NAMES);
        const now = (await happen(fleet, history)) + SECOND;

        await exchange(fleet, now);

        const all = [...new Set(fleet.flatMap((each) => each.ownBans(now)))].sort();
        for (const each of fleet) assert.equal(each.bans(now), all);
      },
    ),
    { numRuns: 300 },
  );
});

laws.run();
