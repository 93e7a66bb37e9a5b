import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { observe, type Observed } from '../../../../src/firewall/iptables/observed/observe.ts';
import type { Change } from '../../../../src/firewall/iptables/plan/change.ts';
import { isEmptied } from '../../../../src/firewall/iptables/plan/emptied.ts';
import { ruleFrom } from '../../../support/rules.ts';

const flushing = suite('a hook that was flushed');

const JUMP = '-A INPUT -j fail2ban-sshd';
const OTHER = '-A INPUT -i lo -j ACCEPT';
const BACK: Change = { kind: 'insert', chain: 'INPUT', at: 1, rule: ruleFrom('-j fail2ban-sshd') };

function table(...rules: readonly string[]): Observed {
  const lines = ['-P INPUT ACCEPT', '-P FORWARD ACCEPT', '-N fail2ban-sshd', '-A FORWARD -j fail2ban-sshd'];
  const seen = observe([...lines, ...rules].join('\n'), { family: 'ipv4', prefix: 'fail2ban-' });
  if (seen.kind !== 'observed') throw new Error(seen.reason);
  return seen.observed;
}

/** Of INPUT: what stood there, how many rules went at once, and what stands there now. */
function isFlushed(was: readonly string[], count: number, now: readonly string[]): boolean {
  return isEmptied(
    table(...now),
    { jumps: [ruleFrom('-j fail2ban-sshd')] },
    {
      ...{ hooks: ['INPUT', 'FORWARD'], changes: now.includes(JUMP) ? [] : [BACK] },
      ...{ trusted: table(...was), cut: new Map([['INPUT', count]]) },
    },
  );
}

flushing('is one in which nothing is left, be it by one change', () => {
  assert.ok(isFlushed([JUMP, OTHER], 2, []));
  assert.ok(isFlushed([JUMP], 1, []));
  assert.ok(isFlushed([JUMP], 0, []));
});

flushing('is one too that was filled again by then', () => {
  assert.ok(isFlushed([JUMP, OTHER], 2, [OTHER]));
  assert.ok(isFlushed([JUMP], 1, [OTHER]));
});

flushing('is none from which one rule went that stood among others: ours is back at once', () => {
  assert.not.ok(isFlushed([JUMP, OTHER], 1, [OTHER]));
  assert.not.ok(isFlushed([JUMP, OTHER], 0, [OTHER]));
  assert.not.ok(isFlushed([JUMP, OTHER, OTHER], 2, [JUMP]));
});

flushing('is the one in raw too, where a jump of ours stood', () => {
  const raw = (...rules: readonly string[]): Observed => {
    const lines = ['-P PREROUTING ACCEPT', '-N fail2ban-.early', ...rules].join('\n');
    const seen = observe(lines, { family: 'ipv4', prefix: 'fail2ban-', first: 'PREROUTING' });
    if (seen.kind !== 'observed') throw new Error(seen.reason);
    return { ...table(JUMP), raw: { kind: 'read', chains: seen.observed.chains } };
  };
  const isEmptiedNow = (observed: Observed, early: boolean): boolean =>
    isEmptied(
      observed,
      { jumps: [ruleFrom('-j fail2ban-sshd')] },
      { hooks: ['INPUT'], changes: [BACK], trusted: undefined, cut: new Map(), early },
    );

  assert.ok(isEmptiedNow(raw(), true));
  assert.not.ok(isEmptiedNow(raw(), false));
  assert.not.ok(isEmptiedNow(raw('-A PREROUTING -i lo -j ACCEPT'), true));
});

flushing.run();
