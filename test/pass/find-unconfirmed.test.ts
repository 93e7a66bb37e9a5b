import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SentIntent } from '../../src/claims/fold.ts';
import { OPERATOR } from '../../src/domain/names.ts';
import { netOf } from '../../src/domain/net.ts';
import { findUnconfirmed } from '../../src/pass/find-unconfirmed.ts';
import { ban, heard, millis } from '../claims/said.ts';

const unconfirmed = suite('what an operator has not confirmed');

unconfirmed('are bans and a policy, each until it goes back', () => {
  const { server, intent } = ban(0, 60, { server: OPERATOR, jail: 'manual' });
  const tried = { server, intent: { ...intent, ifConfirmed: Infinity } } as SentIntent;
  const state = heard(5, tried, ban(0, 600));

  const found = findUnconfirmed(millis(90), state, millis(5));

  const claim = { ip: netOf('203.0.113.7'), jail: 'manual', ifConfirmed: Infinity };
  assert.equal(found, [
    { what: 'the ban of 203.0.113.7 in manual', until: millis(60), ban: claim },
    { what: 'the policy', until: millis(90), ban: undefined },
  ]);
  assert.equal(findUnconfirmed(Infinity, state, millis(60)), []);
});

unconfirmed.run();
