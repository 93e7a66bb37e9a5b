import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { savedRulesConditions } from '../../src/status/saved-rules-conditions.ts';
import type { SavedRules } from '../../src/system/firewall/saved-rules.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const saved = suite('saved rules in the status');

/** Rules of a machine on which nothing makes our sets ahead of them. */
function rulesOf(texts: Readonly<Record<string, string>>): SavedRules {
  const no = (): Promise<boolean> => Promise.resolve(false);
  const all = Object.entries(texts).map(([path, text]) => ({ path, text, tool: 'iptables' as const }));
  return { rulesets: () => Promise.resolve(all), isMadeInTime: no, isSaved: no, isThere: no };
}

saved('are one condition that tells of each file which would not be loaded', async () => {
  await using sandbox = await Sandbox.open();
  const look = async (texts: Readonly<Record<string, string>>): ReturnType<typeof savedRulesConditions> =>
    savedRulesConditions(worldOf(sandbox, { savedRules: rulesOf(texts) }));
  const text = '*filter\n-A fail2ban-sshd -m set --match-set fail2ban-sshd src -j DROP\nCOMMIT\n';

  const none = await look({ '/etc/iptables/rules.v4': '*filter\nCOMMIT\n' });
  const found = await look({ '/etc/iptables/rules.v4': text, '/etc/sysconfig/iptables': text });

  assert.equal(none, []);
  assert.equal(
    found.map(({ type, status }) => [type, status]),
    [['SavedRulesLoad', 'False']],
  );
  assert.match(found[0]?.message ?? '', /rules\.v4.*; .*sysconfig\/iptables/);
});

saved.run();
