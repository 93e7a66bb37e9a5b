/** What is told of a pass and of conditions. */
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diffStates, type ClaimChange } from '../../src/claims/diff.ts';
import { conditionsOf, type Problem } from '../../src/domain/conditions.ts';
import { netOf } from '../../src/domain/net.ts';
import { eventsOfConditions, eventsOfPass } from '../../src/feed/events-of-pass.ts';
import { isoTime } from '../../src/yaml/time.ts';
import { ban, heard, IP, millis, then, unban } from '../claims/said.ts';
import { passOf } from '../status/pass-of.ts';

const events = suite('feed/events-of-pass');

const TIME = isoTime(millis(1));

events('of a pass that did nothing are none', () => {
  assert.equal(eventsOfPass(passOf()), []);
});

events('tell who was banned, until when and why, and who no longer is', () => {
  const banned = heard(5, ban(0, 600, { failures: 5, reason: 'guessing' }), ban(0, Infinity, { jail: 'x' }));
  const ended = then(banned, 9, unban(8));

  const came = eventsOfPass(passOf({ claimChanges: diffStates(heard(0), banned, millis(5)) }));
  const went = eventsOfPass(passOf({ claimChanges: diffStates(banned, ended, millis(9)) }));

  const named = { time: TIME, ip: IP, jail: 'sshd', server: 'web1' };
  const until = isoTime(millis(600));
  assert.equal(came, [
    { kind: 'banned', ...named, until, failures: 5, reason: 'guessing' },
    { kind: 'banned', ...named, jail: 'x', until: null, failures: null, reason: null },
  ]);
  assert.equal(went, [{ kind: 'ended', ...named, why: 'unbanned', peer: null }]);
});

events('tell what was refused, put back, and lifted by the policy, with fields', () => {
  const culprits = ['iptables (pid 7)'];

  const told = eventsOfPass(
    passOf({
      refused: [{ server: 'web1', name: '1.yaml', refusal: { code: 'odd', what: 'a FIFO' } }],
      repairs: [{ family: 'ipv6', changes: 3, culprits, line: 'drift: …' }],
      policyLines: ['policy: end deny 192.0.2.0/24'],
    }),
  );

  const reason = 'a FIFO; an intent must be a plain file';
  assert.equal(told, [
    { kind: 'refused', time: TIME, server: 'web1', file: '1.yaml', code: 'odd', reason },
    { kind: 'drift', time: TIME, family: 'ipv6', changes: 3, culprits, line: 'drift: …' },
    { kind: 'policy', time: TIME, line: 'policy: end deny 192.0.2.0/24' },
  ]);
});

events('cover each change of a claim, or count it among those that are not told', () => {
  const kinds = fc.array(fc.constantFrom('banned', 'changed', 'ended'), { maxLength: 3 });
  fc.assert(
    fc.property(kinds, fc.integer({ min: 0, max: 2_000 }), (some, many) => {
      const all = [...some, ...Array<string>(many).fill(some[0] ?? 'banned')];
      const claimChanges = all.map((kind, index) => changeOf(kind as ClaimChange['kind'], index));

      const told = eventsOfPass(passOf({ claimChanges }));

      for (const kind of ['banned', 'changed', 'ended']) {
        const own = told.filter((event) => event.kind === kind).length;
        const more = told.flatMap((event) => (event.kind === 'more' && event.of === kind ? event.count : []));
        assert.ok(own <= 1_000 && more.length <= 1);
        assert.is(own + (more[0] ?? 0), all.filter((each) => each === kind).length);
      }
    }),
    { numRuns: 30 },
  );
});

function changeOf(kind: ClaimChange['kind'], index: number): ClaimChange {
  const named = { ip: netOf(`10.0.${index >> 8}.${index & 255}`), server: 'web1', jail: 'sshd' };
  if (kind === 'ended') return { kind, ...named, why: 'expired' };
  return { kind, ...named, since: millis(0), until: millis(600), details: undefined };
}

const UNSAVED: Problem = { condition: 'StateSaved', reason: 'WriteFailed', message: 'disk full' };

events(
  'tell a condition when it becomes false, false for another reason, and true, and not while it lasts',
  () => {
    const readOnly: Problem = { condition: 'StateSaved', reason: 'ReadOnly', message: 'read-only' };
    const told = (before: readonly Problem[], after: readonly Problem[]): readonly unknown[] =>
      eventsOfConditions(conditionsOf(before), after, millis(1));
    const event = { kind: 'condition', time: TIME, condition: 'StateSaved', status: 'False' };

    assert.equal(told([], [UNSAVED]), [{ ...event, reason: 'WriteFailed', message: 'disk full' }]);
    assert.equal(told([UNSAVED], [UNSAVED]), []);
    assert.equal(told([UNSAVED], [readOnly]), [{ ...event, reason: 'ReadOnly', message: 'read-only' }]);
    assert.equal(told([UNSAVED], []), [{ ...event, status: 'True', reason: 'AsExpected', message: '' }]);
  },
);

events('take a condition that nobody looked at before as true', () => {
  assert.equal(
    eventsOfConditions([], [UNSAVED], millis(1)).map(({ kind }) => kind),
    ['condition'],
  );
});

events.run();
