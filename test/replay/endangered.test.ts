import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { EMPTY_POLICY, type Policy } from '../../src/policy/policy.ts';
import { endangeredBy, endangeredText } from '../../src/replay/endangered.ts';

const test = suite('replay/endangered');

const NOW = 100;

function allowing(net: string, until = Infinity): Policy {
  return { ...EMPTY_POLICY, allow: [{ net: netOf(net), note: 'office', until, line: 4 }] };
}

interface Case {
  readonly banned: readonly string[];
  readonly policy?: Policy;
  readonly present?: Policy;
  readonly own?: readonly string[];
}

function warnings({
  banned,
  policy = EMPTY_POLICY,
  present = EMPTY_POLICY,
  own = [],
}: Case): readonly string[] {
  const found = banned.map((ip) => ({ ip: netOf(ip), time: 1, jails: [], servers: [], why: undefined }));
  return endangeredBy(found, {
    ...{ policy, present, ownAddresses: own.map(netOf), now: NOW },
    sessions: [
      { address: '198.51.100.7', who: 'you are logged in' },
      { address: '198.51.100.7', who: 'anna is logged in (pts/1)' },
      { address: 'console', who: 'bert is logged in (tty1)' },
    ],
  }).map(endangeredText);
}

test('are those from where somebody is logged in, once, unless the policy allows them', () => {
  assert.equal(warnings({ banned: ['192.0.2.1', '198.51.100.0/24'] }), [
    '198.51.100.0/24 would have been banned, and from 198.51.100.7 you are logged in',
  ]);
  assert.equal(warnings({ banned: ['198.51.100.0/24'], policy: allowing('198.51.100.7') }), []);
  assert.equal(warnings({ banned: ['198.51.100.0/24'], own: ['198.51.100.7'] }), []);
});

test('are those whom the present policy allows, and the other does not', () => {
  assert.equal(warnings({ banned: ['192.0.2.1'], present: allowing('192.0.2.0/24') }), [
    '192.0.2.1 would have been banned, and the present policy allows 192.0.2.0/24: policy.yaml line 4 (office)',
  ]);
  assert.equal(warnings({ banned: ['192.0.2.1'], present: allowing('192.0.2.0/24', NOW) }), []);
  assert.equal(
    warnings({
      ...{ banned: ['192.0.0.0/16'], policy: allowing('192.0.0.0/8'), present: allowing('192.0.2.0/24') },
    }),
    [],
  );
});

test.run();
