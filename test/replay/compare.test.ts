import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { EMPTY_POLICY } from '../../src/policy/policy.ts';
import { BanTimes } from '../../src/replay/ban-times.ts';
import { compareTimes } from '../../src/replay/compare.ts';
import type { Compared } from '../../src/replay/replayed.ts';
import { ruleText } from '../../src/replay/rule.ts';
import type { Label, Span } from '../../src/replay/verdicts.ts';
import { allowedBy, spanOf } from './made-up-spans.ts';

const test = suite('replay/compare');

const END = 100;
const ALLOWED = { net: netOf('203.0.113.7'), note: undefined, until: Infinity, line: 1 };

interface Case {
  readonly before: readonly Span[];
  readonly after: readonly Span[];
  /** Under the policy after. */
  readonly isAllowed?: boolean;
}

function compared({ before, after, isAllowed = false }: Case): Compared {
  const times = new BanTimes({ since: 0, end: END });
  times.add(before, after);
  const policy = { ...EMPTY_POLICY, ...(isAllowed && { allow: [ALLOWED] }) };
  return compareTimes(times, {
    before: [{ from: 0, to: END, policy: EMPTY_POLICY }],
    after: [{ from: 0, to: END, policy }],
  });
}

/** `203.0.113.7 30 after allow 203.0.113.0/24`. */
function told(different: Compared['letIn']): readonly string[] {
  return different.map(({ ip, time, why }) =>
    [ip.text, time, ...(why === undefined ? [] : [why.of, ruleText(why.rule)])].join(' '),
  );
}

const denied = (net: string): Partial<Label> => ({
  ...{ server: 'policy', jail: 'policy', denied: { net: netOf(net), line: 2, note: 'abuse' } },
});

test('lets in whom only the policy before bans, with the rule that does it', () => {
  const { letIn, banned } = compared({
    before: [
      spanOf('203.0.113.7', [0, 60]),
      spanOf('203.0.113.8', [0, 70]),
      spanOf('198.51.100.0/24', [0, 90], denied('198.51.100.0/24')),
    ],
    after: [
      spanOf('203.0.113.7', [0, 60], { why: allowedBy('203.0.113.7') }),
      spanOf('203.0.113.8', [0, 30]),
      spanOf('203.0.113.8', [30, 70], { why: { code: 'too-long', server: 'web1' } }),
    ],
  });

  assert.equal(told(letIn), [
    '198.51.100.0/24 90 before deny 198.51.100.0/24 (abuse)',
    '203.0.113.7 60 after allow 203.0.113.7',
    '203.0.113.8 40 after bantime of web1',
  ]);
  assert.equal(banned, []);
});

test('bans whom only the policy after bans, with the rule that does it, or that is no more', () => {
  const { letIn, banned } = compared({
    before: [spanOf('203.0.113.7', [0, 60], { why: allowedBy('203.0.113.0/24', 'office') })],
    after: [
      spanOf('203.0.113.7', [0, 60]),
      spanOf('198.51.100.7', [0, 50], denied('198.51.100.7')),
      spanOf('192.0.2.9', [0, 40], { server: 'escalation', jail: 'seen-by-two' }),
    ],
  });

  assert.equal(told(banned), [
    '203.0.113.7 60 before allow 203.0.113.0/24 (office)',
    '198.51.100.7 50 after deny 198.51.100.7 (abuse)',
    '192.0.2.9 40 after escalate seen-by-two',
  ]);
  assert.equal(banned[0]?.jails, ['sshd']);
  assert.equal(banned[0]?.servers, ['web1']);
  assert.equal(letIn, []);
});

test('lets nobody in whom another ban, or one of a net around it, still drops', () => {
  const ofTwo = compared({
    before: [spanOf('203.0.113.7', [0, 60]), spanOf('203.0.113.7', [0, 60], { server: 'web2' })],
    after: [spanOf('203.0.113.7', [20, 60], { server: 'web2' })],
  });
  const ofNet = {
    before: [spanOf('203.0.113.7', [0, 60])],
    after: [spanOf('203.0.113.0/24', [10, 50], denied('203.0.113.0/24'))],
  };

  assert.equal(told(ofTwo.letIn), ['203.0.113.7 20']);
  assert.equal(told(compared(ofNet).letIn), ['203.0.113.7 20']);
  assert.equal(told(compared({ ...ofNet, isAllowed: true }).letIn), ['203.0.113.7 60']);
});

test.run();
