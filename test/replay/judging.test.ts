import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { EMPTY_POLICY } from '../../src/policy/policy.ts';
import { Judging } from '../../src/replay/judging.ts';

const test = suite('replay/judging');

const POLICY = {
  ...EMPTY_POLICY,
  deny: [{ net: netOf('192.0.2.0/24'), note: undefined, until: Infinity, line: 1 }],
};

test('keeps what each policy makes of each piece that is claimed for it, however many there are', () => {
  const judging = new Judging({
    epochs: {
      before: [{ from: 0, to: 99, policy: EMPTY_POLICY }],
      after: [{ from: 0, to: 99, policy: POLICY }],
    },
    ...{ ownAddresses: [], window: { since: 10, end: 99 } },
  });
  const take = (ip: string, to: number, take = judging.taker(['before', 'after'])): void => {
    const live = { ip: netOf(ip), server: 'web1', jail: 'sshd', since: 0, until: Infinity };
    take({ live: { ...live, ports: 'all', protocols: 'tcp', details: undefined }, from: 0, to });
  };

  for (let host = 0; host < 3_000; host += 1) take(`10.0.${host >> 8}.${host & 255}`, 50);
  take('203.0.113.1', 10);
  take('203.0.113.2', 50, judging.taker(['after']));
  const times = judging.finish();

  const found = Array.from(times.nets, (each) => ({
    ip: each.net.text,
    entries: Array.from(times.entriesOf(each)),
  }));
  const own = found.filter(({ ip }) => ip.startsWith('10.'));
  const others = found.filter(({ ip }) => !ip.startsWith('10.'));
  assert.is(own.length, 3_000);
  assert.ok(own.every(({ entries: [one] }) => one?.before === true && one.after));
  assert.equal(
    others.map(({ ip, entries: [one] }) => [ip, one?.before, one?.after]),
    [
      ['203.0.113.2', false, true],
      ['192.0.2.0/24', false, true],
    ],
  );
});

test.run();
