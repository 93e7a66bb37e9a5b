import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Claim } from '../../src/claims/claim.ts';
import { ClaimQueue } from '../../src/claims/claim-queue.ts';
import { netOf } from '../../src/domain/net.ts';

const queue = suite('the queue of claims');

const IP = netOf('203.0.113.7');

/** A claim whose bans were heard then, newest first. */
const claimOf = (...heard: readonly number[]): Claim => ({
  ip: IP,
  server: 'web1',
  jail: 'sshd',
  bans: heard.toSorted((a, b) => b - a).map((time) => ({ heard: time, since: time, until: Infinity })),
});

const firstOf = ({ bans }: Claim): number => Math.min(...bans.map(({ heard }) => heard));

const anyClaim = fc
  .array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 3 })
  .map((heard) => claimOf(...heard));

/** Claims that come, and then the moment before which those that stand are asked for. */
const anyRound = fc.record({ claims: fc.array(anyClaim, { maxLength: 40 }), time: fc.nat({ max: 1100 }) });

queue(
  'hands out every claim first heard before a moment, once, earliest first, whatever came in between',
  () => {
    fc.assert(
      fc.property(fc.array(anyRound, { maxLength: 6 }), (rounds) => {
        const asked = new ClaimQueue();
        let waiting: readonly Claim[] = [];
        for (const { claims, time } of rounds) {
          for (const claim of claims) asked.push(claim);
          waiting = [...waiting, ...claims].toSorted((a, b) => firstOf(a) - firstOf(b));

          const taken = asked.takeBefore(time);

          const due = waiting.filter((claim) => firstOf(claim) < time);
          assert.equal(taken.map(firstOf), due.map(firstOf));
          assert.equal(new Set(taken), new Set(due));
          waiting = waiting.filter((claim) => firstOf(claim) >= time);
        }
      }),
    );
  },
);

queue('holds no claim without a ban', () => {
  const asked = new ClaimQueue();
  asked.push({ ...claimOf(1), bans: [] });

  assert.equal(asked.takeBefore(Infinity), []);
});

queue.run();
