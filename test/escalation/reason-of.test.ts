import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reasonOf } from '../../src/escalation/reason-of.ts';

const test = suite('the reason of a ban by a rule');

const by = ['web2', 'web1', 'web2', 'a', 'b', 'c', 'd'].map((server, index) => ({
  ...{ ip: `203.0.113.${index % 3}`, server, jail: 'sshd', since: index, end: index },
}));

test('names who saw it, each once and in order, and of many the first', () => {
  const met = { at: 6, by };
  const few = { at: 6, by: by.slice(0, 3) };

  assert.is(reasonOf({ counts: 'servers', least: 2 }, few), 'seen by web1, web2');
  assert.is(reasonOf({ counts: 'bans', least: 3 }, few), '3 bans by web1, web2');
  assert.is(
    reasonOf({ counts: 'addresses', least: 3 }, met),
    '3 addresses (203.0.113.0, 203.0.113.1, 203.0.113.2) seen by a, b, c, d, web1, …',
  );
});

test.run();
