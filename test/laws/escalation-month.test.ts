/**
 * A month of five servers that ban, unban, replay, prolong and are cut off, with an operator who lifts now and then:
 * every ban by a rule and every end, held against a model that knows nothing but loops over all that arrived.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SentIntent } from '../../src/claims/fold.ts';
import { EMPTY_STATE, type State } from '../../src/claims/state.ts';
import { ban, DAY, HOUR, snapshot, tell, unban } from '../claims/said.ts';
import { escalated, passed, rules } from '../escalation/rules.ts';

const month = suite('a month of escalation');

const POLICY = rules([
  'name: two, servers: 2, within: 1h, ban: 1d',
  'name: three, servers: 3, within: 6h, ban: 2d, jails: [sshd]',
  'name: again, bans: 3, within: 2d, ban: 3d',
  'name: net, addresses: 4, within: 1d, net4: 24, net6: 64, ban: 1d',
]);

/** Numbers that look like chance, and are always the same (mulberry32). */
function chance(seed: number): (below: number) => number {
  let at = seed;
  return (below) => {
    at = (at + 0x6d2b79f5) | 0;
    let mixed = Math.imul(at ^ (at >>> 15), 1 | at);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

interface Arrival {
  readonly at: number;
  readonly said: SentIntent;
}

/** All that arrives, in order; each attack is what one server says of one address. */
function arrivals(): readonly Arrival[] {
  const below = chance(15);
  const all: Arrival[] = [];
  const late = (): number => (below(12) === 0 ? below(23 * HOUR) : below(30));
  const attack = (at: number, ip: string): void => {
    const where = { server: `web${below(5) + 1}`, jail: below(4) === 0 ? 'web' : 'sshd', ip };
    const length = [600, 600, 3600, 6 * HOUR, DAY][below(5)] ?? 600;
    const begin = at + below(1000) / 1000;
    const file = (after: number, said: SentIntent): void => {
      all.push({ at: begin + after + late(), said });
    };
    file(0, ban(begin, length, where));
    const restart = below(length);
    if (below(4) === 0) {
      // fail2ban restarts: it restores the ban with its own, whole time, and a snapshot follows.
      for (const what of ['flush', 'stop', 'start'] as const)
        file(restart, tell(what, begin + restart, where));
      file(restart + 1, ban(Math.floor(begin), length, where));
      file(restart + 2, snapshot(begin + restart + 2, [[ip, Math.floor(begin), length]], where));
    }
    if (below(6) === 0) file(restart, ban(begin + restart, length, { ...where, kind: 'prolong' }));
    const end = below(5) === 0 ? below(length) : length + 1;
    if (below(8) > 0) file(end, unban(begin + end, where));
    if (end < length) file(end + 60, ban(begin + end + 60, length, where));
    if (below(10) === 0) file(DAY / 2, ban(begin, length, where));
    if (below(25) === 0) {
      const lifted = below(2) === 0 ? ip : ip.replace(/\d+$/, '0/24').replace(/::.*/, '::/64');
      all.push({ at: at + HOUR, said: unban(at + HOUR, { server: 'local', jail: '*', ip: lifted }) });
    }
  };
  for (let day = 0; day < 30; day += 1) {
    for (let count = 0; count < 25; count += 1)
      attack(day * DAY + below(DAY), below(5) === 0 ? `2001:db8::${below(9) + 1}` : `203.0.113.${below(40)}`);
    const net = below(200);
    if (day % 3 === 0)
      for (let host = 0; host < 6; host += 1)
        attack(day * DAY + host * below(3 * HOUR), `198.51.${net}.${host}`);
  }
  return all.sort((a, b) => a.at - b.at);
}

interface Known {
  readonly ip: string;
  readonly server: string;
  readonly jail: string;
  readonly since: number;
  until: number;
}

/** Seconds since the start, whole ones. */
const second = (time: number): number => Math.floor(time);

/** What the rules come to of all that has arrived: loops, and nothing remembered but what was said. */
class Model {
  readonly #bans: Known[] = [];
  readonly #unbans: Omit<Known, 'until'>[] = [];
  readonly #lifts: { readonly ip: string; readonly at: number }[] = [];
  /** By address or net and rule: since when. A ban goes on until its end, unless what it bans is lifted itself. */
  readonly #begun = new Map<string, number>();

  hear({ at, said: { server, intent } }: Arrival): void {
    if (intent.intent !== 'ban' && intent.intent !== 'unban') return;
    const [ip, jail] = [intent.ip.text, intent.jail];
    const since = second(secondsOf(intent.time));
    if (server === 'local') this.#lifts.push({ ip, at });
    else if (intent.intent === 'unban') this.#unbans.push({ ip, server, jail, since });
    else {
      const until = second(secondsOf(intent.until));
      const known = this.#bans.find(
        (each) => each.ip === ip && each.server === server && each.jail === jail && each.since === since,
      );
      if (known === undefined) this.#bans.push({ ip, server, jail, since, until });
      else known.until = Math.min(known.until, until);
    }
  }

  /** As {@link escalated} tells it. */
  standing(now: number): readonly string[] {
    const found: string[] = [];
    for (const [name, counts, least, within, length] of TABLE) {
      const recent = this.#bans.filter(({ since }) => since > now - length - within - 1);
      const targets = new Set(recent.map(({ ip }) => (counts === 'addresses' ? netOf(ip) : ip)));
      for (const key of this.#begun.keys())
        if (key.endsWith(` ${name}`)) targets.add(key.split(' ')[0] ?? '');
      for (const target of targets) {
        const lifted = Math.max(-1, ...this.#lifts.filter(({ ip }) => ip === target).map(({ at }) => at));
        const counted = recent.filter(
          ({ ip, jail, since }) =>
            (ip === target || netOf(ip) === target) &&
            (name !== 'three' || jail === 'sshd') &&
            since > Math.max(lifted, ...this.#lifts.filter((lift) => lift.ip === ip).map(({ at }) => at)),
        );
        const met = counted
          .map(({ since }) => since)
          .filter(
            (at) =>
              at + length > now &&
              this.#count(
                counts,
                counted.filter(({ since }) => since <= at && since >= at - within),
              ) >= least,
          );
        const old = this.#begun.get(`${target} ${name}`) ?? -1;
        const begun = Math.max(old > lifted ? old : -1, ...met);
        this.#begun.set(`${target} ${name}`, begun);
        if (begun >= 0 && begun + length > now) found.push(`${target} ${name} ${begun}-${begun + length}`);
      }
    }
    return found.sort();
  }

  #count(counts: string, bans: readonly Known[]): number {
    if (counts === 'servers') return new Set(bans.map(({ server }) => server)).size;
    if (counts === 'addresses') return new Set(bans.map(({ ip }) => ip)).size;
    const trails = new Map<string, Known[]>();
    for (const each of bans) {
      const key = `${each.server} ${each.jail}`;
      trails.set(key, [...(trails.get(key) ?? []), each]);
    }
    let sum = 0;
    for (const trail of trails.values()) {
      const sorted = trail.sort((a, b) => a.since - b.since);
      const longest: number[] = [];
      for (const [index, each] of sorted.entries())
        longest.push(
          1 +
            Math.max(
              0,
              ...longest.filter(
                (_, before) => before < index && this.#endOf(sorted[before] ?? each) <= each.since,
              ),
            ),
        );
      sum += Math.max(...longest);
    }
    return sum;
  }

  #endOf({ ip, server, jail, since, until }: Known): number {
    const own = this.#unbans.filter(
      (each) => each.ip === ip && each.server === server && each.jail === jail && each.since >= since,
    );
    return Math.min(until, ...own.map((each) => each.since));
  }
}

const TABLE = [
  ['two', 'servers', 2, HOUR, DAY],
  ['three', 'servers', 3, 6 * HOUR, 2 * DAY],
  ['again', 'bans', 3, 2 * DAY, 3 * DAY],
  ['net', 'addresses', 4, DAY, DAY],
] as const;

function netOf(ip: string): string {
  return ip.includes(':') ? '2001:db8::/64' : ip.replace(/\d+$/, '0/24');
}

function secondsOf(time: number): number {
  return (time - START_MS) / 1000;
}

const START_MS = Date.UTC(2026, 10, 22, 13, 30);

month('comes to the bans and the ends of the model, every two hours', () => {
  const model = new Model();
  const ended = new Set<string>();
  let [state, begun, checked]: [State, number, number] = [EMPTY_STATE, 0, 0];
  let before: readonly string[] = [];
  const waiting = [...arrivals()];
  for (let hour = 1; hour <= 31 * 24; hour += 2) {
    const now = hour * HOUR;
    const said: SentIntent[] = [];
    while ((waiting[0]?.at ?? Infinity) <= now) {
      const next = waiting.shift();
      if (next === undefined) break;
      model.hear(next);
      said.push(next.said);
    }
    // Now and then the controller begins anew.
    state = passed(now, { policy: POLICY, state, isStart: hour % 50 === 1 }, ...said);

    const standing = escalated(state);

    assert.equal(standing, model.standing(now), `after ${hour} h`);
    begun += standing.filter((text) => !before.includes(text)).length;
    for (const text of before) if (!standing.includes(text)) ended.add(text);
    before = standing;
    checked += 1;
  }
  assert.equal([waiting.length, checked], [0, 372]);
  assert.ok(begun > 200 && ended.size > 200, `${begun} bans and ${ended.size} ends`);
});

month.run();
