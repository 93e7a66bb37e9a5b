import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findTraps } from '../../../src/firewall/iptables/find-traps.ts';
import type { Ruleset, SavedRules } from '../../../src/system/firewall/saved-rules.ts';
import { worldOf } from '../../support/pass.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('traps in saved rules');

const looksInto = (...sets: readonly string[]): Ruleset => ({
  ...{ path: '/etc/iptables/rules.v4', tool: 'iptables' },
  text: sets.map((set) => `-A INPUT -m set --match-set ${set} src -j DROP\n`).join(''),
});

/** The sets that would not be there at a boot, where those named are made, saved, or there now. */
async function trapsIn(ruleset: Ruleset, where: Partial<Record<'made' | 'saved' | 'there', string>>) {
  await using sandbox = await Sandbox.open();
  const is = (kind: keyof typeof where) => (set: string) => Promise.resolve(where[kind] === set);
  const savedRules: SavedRules = {
    rulesets: () => Promise.resolve([ruleset]),
    ...{ isMadeInTime: is('made'), isSaved: is('saved'), isThere: is('there') },
  };
  const traps = await findTraps(worldOf(sandbox, { savedRules }));
  return traps.map(
    ({ reason, what }) => `${reason} ${/set (\S+),|chain (\S+),/.exec(what)?.slice(1).join('') ?? ''}`,
  );
}

test('are a set of ours that nothing makes in time, and one of others that nobody keeps', async () => {
  const ruleset = looksInto('fail2ban-a', 'fail2ban-b', 'theirs', 'others');

  assert.equal(await trapsIn(ruleset, {}), ['SetMissing fail2ban-a', 'SetMissing theirs']);
  assert.equal(await trapsIn(ruleset, { made: 'fail2ban-a', saved: 'theirs' }), [
    ...['SetMissing fail2ban-b', 'SetMissing others'],
  ]);
  assert.equal(await trapsIn(looksInto('theirs'), { there: 'theirs' }), []);
  assert.equal(await trapsIn(looksInto('fail2ban-a'), { there: 'fail2ban-a' }), ['SetMissing fail2ban-a']);
});

test('are a chain of ours that nft lists and cannot read', async () => {
  const text = 'table ip filter {\n\tchain fail2ban-a {\n\t\txt match "set" drop\n\t}\n}\n';

  assert.equal(await trapsIn({ path: '/etc/nftables.conf', tool: 'nft', text }, {}), [
    'BeyondNft fail2ban-a',
  ]);
});

test.run();
