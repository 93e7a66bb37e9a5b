import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { selectBans, sortBans, SORTS, type Wanted } from '../../../src/cli/text/select-bans.ts';
import { netOf } from '../../../src/domain/net.ts';
import { ANY_BAN, claimBy, madeBan } from './made-bans.ts';

const choosing = suite('which bans');

const ALL: Wanted = { nets: [], jails: [], servers: [], family: undefined };

const BANS = [
  madeBan('10.0.0.0/8', { jail: 'nginx', claims: [claimBy('web1', { since: 2, until: 30 })] }),
  madeBan('10.1.2.3', { claims: [claimBy('mail', { since: 3, until: Infinity }), claimBy('web1')] }),
  madeBan('203.0.113.7', { claims: [claimBy('mail', { since: undefined, until: 20 })] }),
  madeBan('2001:db8::7', { claims: [claimBy('web2', { since: 1, until: 10 })] }),
];

const chosen = (wanted: Partial<Wanted>): readonly string[] =>
  selectBans(BANS, { ...ALL, ...wanted }).map(({ net }) => net.text);

choosing('are meant by an address: its own, and those of networks around it', () => {
  assert.equal(chosen({ nets: [netOf('10.1.2.3')] }), ['10.0.0.0/8', '10.1.2.3']);
  assert.equal(chosen({ nets: [netOf('203.0.113.8')] }), []);
});

choosing('are meant by the name of any rule that bans them', () => {
  const bans = [madeBan('10.1.2.3', { jail: 'net,two', claims: [claimBy('escalation')] })];

  const count = (jail: string) => selectBans(bans, { ...ALL, jails: [jail] }).length;

  assert.equal(['two', 'net', 'net,two', 'tw'].map(count), [1, 1, 0, 0]);
});

choosing('are meant by a network: those inside of it, and around it', () => {
  assert.equal(chosen({ nets: [netOf('10.1.0.0/16'), netOf('2001:db8::/32')] }), [
    ...['10.0.0.0/8', '10.1.2.3', '2001:db8::7'],
  ]);
});

choosing('are meant by a jail, a server among others, and a family, all together', () => {
  assert.equal(chosen({ jails: ['nginx', 'web'] }), ['10.0.0.0/8']);
  assert.equal(chosen({ servers: ['web1'] }), ['10.0.0.0/8', '10.1.2.3']);
  assert.equal(chosen({ servers: ['web1', 'mail'], jails: ['sshd'] }), ['10.1.2.3', '203.0.113.7']);
  assert.equal(chosen({ family: 'ipv6' }), ['2001:db8::7']);
});

choosing('come in the order that is asked for: what is not known, and what has no end, last', () => {
  const packets = new Map([
    ['10.1.2.3', 5],
    ['2001:db8::7', 7],
    ['203.0.113.7', 0],
  ]);
  const sorted = SORTS.map((sort) =>
    sortBans(BANS, sort, ({ net }) => {
      const count = packets.get(net.text);
      return count === undefined ? undefined : { packets: count, bytes: 0 };
    }).map(({ net }) => net.text),
  );

  assert.equal(sorted, [
    ['10.0.0.0/8', '10.1.2.3', '203.0.113.7', '2001:db8::7'],
    ['10.0.0.0/8', '2001:db8::7', '10.1.2.3', '203.0.113.7'],
    ['2001:db8::7', '203.0.113.7', '10.0.0.0/8', '10.1.2.3'],
    ['2001:db8::7', '10.1.2.3', '203.0.113.7', '10.0.0.0/8'],
  ]);
});

choosing('are some of all, each once and whatever the order', () => {
  fc.assert(
    fc.property(
      fc.array(ANY_BAN, { maxLength: 10 }),
      fc.constantFrom(...SORTS),
      fc.constantFrom('203.0.113.0/24', '2001:db8::/32', '0.0.0.0/0'),
      (bans, sort, net) => {
        const some = sortBans(selectBans(bans, { ...ALL, nets: [netOf(net)] }), sort, () => undefined);

        assert.is(new Set(some).size, some.length);
        assert.ok(some.every((ban) => bans.includes(ban)));
        assert.is(sortBans(bans, sort, () => undefined).length, bans.length);
      },
    ),
  );
});

choosing('are meant by an address that is dropped for another one', () => {
  const wide = madeBan('2001:db8::7', { dropped: netOf('2001:db8::/64') });
  const found = ['2001:db8::8', '2001:db8:0:1::8'].map(
    (ip) => selectBans([wide], { ...ALL, nets: [netOf(ip)] }).length,
  );

  assert.equal(found, [1, 0]);
});

choosing.run();
