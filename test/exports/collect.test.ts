import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { portionsOf } from '../../src/desired/portion.ts';
import { contains, netOf, type Net } from '../../src/domain/net.ts';
import { Collector, type Selection, type Standing } from '../../src/exports/collect.ts';
import type { Entry } from '../../src/exports/entry.ts';

const test = suite('what an export holds');

interface Ban {
  readonly ip: Net;
  readonly jail: string;
}

/** As a conclusion has it: a ban of what is allowed alone is not enforced. */
function standingOf(bans: readonly Ban[], allowed: readonly Net[], denied: readonly Net[] = []): Standing {
  const isEnforced = ({ ip }: Pick<Ban, 'ip'>): boolean => !allowed.some((net) => contains(net, ip));
  const claims = bans.filter(isEnforced).map((ban) => ({ ...ban, ports: 'all', protocols: 'all', until: 5 }));
  return {
    portions: { ipv4: portionsOf(claims, 'ipv4'), ipv6: portionsOf(claims, 'ipv6') },
    allowed: allowed.map((net) => ({ net, by: { code: 'own-address' } as const })),
    deny: denied
      .filter((ip) => isEnforced({ ip }))
      .map((net) => ({ net, until: Infinity, note: undefined, line: 1 })),
  };
}

function collected(
  standing: Standing,
  selection: Partial<Selection> = {},
  collector = new Collector(),
): readonly Entry[] {
  const work = collector.collect(standing, {
    jails: undefined,
    families: ['ipv4', 'ipv6'],
    aggregate: false,
    ...selection,
  });
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Of 256 addresses that a model can name one by one, in a family. */
const smallNet = (family: 'ipv4' | 'ipv6'): fc.Arbitrary<Net> =>
  fc
    .tuple(fc.nat(255), fc.nat(8))
    .map(([at, length]) =>
      netOf(
        family === 'ipv4'
          ? `192.0.2.${(at >> length) << length}/${32 - length}`
          : `2001:db8::${((at >> length) << length).toString(16)}/${128 - length}`,
      ),
    );

function addressesOf(nets: readonly Net[]): ReadonlySet<number> {
  const found = new Set<number>();
  for (const { bits, prefix, family } of nets) {
    const first = Number(BigInt(bits) & 255n);
    for (let at = first; at < first + 2 ** ((family === 'ipv4' ? 32 : 128) - prefix); at += 1) found.add(at);
  }
  return found;
}

/** The fewest nets of these addresses: the largest that begins at each, one after the other. */
function fewest(addresses: ReadonlySet<number>): number {
  let count = 0;
  for (let at = 0; at < 256;) {
    let size = addresses.has(at) ? 1 : 0;
    while (size > 0 && at % (size * 2) === 0 && allIn(at, size * 2)) size *= 2;
    if (size > 0) count += 1;
    at += Math.max(size, 1);
  }
  return count;

  function allIn(first: number, size: number): boolean {
    return Array.from({ length: size }, (_, index) => first + index).every((each) => addresses.has(each));
  }
}

const jail = fc.constantFrom('sshd', 'postfix');

for (const family of ['ipv4', 'ipv6'] as const) {
  const nets = fc.array(smallNet(family), { maxLength: 8 });
  const bansOf = fc.array(fc.record({ ip: smallNet(family), jail }), { maxLength: 12 });

  test(`is every banned address of ${family} and no allowed one, merged into the fewest nets or not`, () => {
    fc.assert(
      fc.property(bansOf, nets, nets, (bans, allowed, denied) => {
        const standing = standingOf(bans, allowed, denied);
        const let_by = addressesOf(allowed);
        const wanted = [...addressesOf([...bans.map(({ ip }) => ip), ...denied])].filter(
          (each) => !let_by.has(each),
        );

        const each = collected(standing).map(({ net }) => net);
        const merged = collected(standing, { aggregate: true }).map(({ net }) => net);

        assert.equal([...addressesOf(each)].sort(), wanted.sort());
        assert.equal([...addressesOf(merged)].sort(), wanted.sort());
        assert.is(merged.length, fewest(new Set(wanted)));
        assert.is(new Set(each.map(({ text }) => text)).size, each.length);
      }),
    );
  });
}

test('is the same whether or not a collector took other entries together before', () => {
  const nets = fc.array(smallNet('ipv4'), { maxLength: 4 });
  const bansOf = fc.array(fc.record({ ip: smallNet('ipv4'), jail }), { maxLength: 6 });
  const jails = fc.constantFrom(undefined, ['sshd'], ['postfix']);
  fc.assert(
    fc.property(bansOf, fc.array(fc.tuple(nets, nets, jails), { maxLength: 4 }), (bans, steps) => {
      const { portions } = standingOf(bans, []);
      const collector = new Collector();

      for (const [allowed, denied, wanted] of steps) {
        const standing = { ...standingOf([], allowed, denied), portions };
        assert.equal(
          collected(standing, { jails: wanted }, collector),
          collected(standing, { jails: wanted }),
        );
      }
    }),
  );
});

test('is in order, IPv4 first, each address once with all of its jails and its last end', () => {
  const bans = [
    { ip: netOf('2001:db8::1'), jail: 'sshd' },
    { ip: netOf('203.0.113.9'), jail: 'sshd' },
    { ip: netOf('192.0.2.7'), jail: 'sshd' },
    { ip: netOf('192.0.2.7'), jail: 'postfix' },
  ];

  const entries = collected(standingOf(bans, [], [netOf('192.0.2.7'), netOf('198.51.100.0/24')]));

  assert.equal(
    entries.map(({ net, jails, until }) => [net.text, jails.join(), until]),
    [
      ['192.0.2.7', 'policy,postfix,sshd', Infinity],
      ['198.51.100.0/24', 'policy', Infinity],
      ['203.0.113.9', 'sshd', 5],
      ['2001:db8::1', 'sshd', 5],
    ],
  );
});

test('is of the jails and families that it names', () => {
  const bans = ['192.0.2.7', '2001:db8::1'].map((text) => ({ ip: netOf(text), jail: 'sshd' }));
  const others = [
    { ip: netOf('192.0.2.8'), jail: 'postfix' },
    // As jail-name.ts calls them.
    { ip: netOf('192.0.2.10'), jail: '.escalation' },
    { ip: netOf('192.0.2.11'), jail: '.escalation.twice' },
  ];
  const standing = standingOf([...bans, ...others], [], [netOf('192.0.2.9')]);

  const texts = (selection: Partial<Selection>): readonly string[] =>
    collected(standing, selection).map(({ net }) => net.text);

  assert.equal(texts({ jails: ['sshd'], families: ['ipv4'] }), ['192.0.2.7']);
  assert.equal(texts({ jails: ['policy', 'postfix'] }), ['192.0.2.8', '192.0.2.9']);
  assert.equal(texts({ jails: ['escalation'] }), ['192.0.2.10', '192.0.2.11']);
  assert.equal(texts({ families: ['ipv6'] }), ['2001:db8::1']);
});

test.run();
