/** Firewalls share their bans by folders that are copied: what one enforces of its servers, all others drop. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { iptablesRules } from '../support/firewall.ts';
import { FleetOfSandboxes } from '../support/fleet.ts';
import { banText, unbanText } from '../support/intent-text.ts';

const exchange = suite('firewalls of a fleet');

const IP = '203.0.113.7';

exchange('drop what a server behind another bans, and let it by when that server unbans it', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  fleet.at('fw1').drop('web1', banText(IP));

  await fleet.exchange('fw1', 'fw2');
  const banned = [await fleet.bans('fw1'), await fleet.bans('fw2')];
  const rules = await iptablesRules();
  fleet.at('fw1').drop('web1', unbanText(IP));
  await fleet.exchange('fw1', 'fw2');

  assert.equal(banned, [[`${IP} sshd by web1`], [`${IP} sshd by fw1/web1`]]);
  assert.ok(rules.includes(`-A fw2-sshd -s ${IP}/32 -j DROP`), rules.join('\n'));
  assert.equal([await fleet.bans('fw1'), await fleet.bans('fw2')], [[], []]);
});

exchange('that hear the same servers tell each other what their operators do, and no more', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2'], {
    policy: 'publish: { servers: [local] }\n',
  });
  const [both, other] = ['203.0.113.7', '203.0.113.8'];
  for (const name of ['fw1', 'fw2']) fleet.at(name).drop('web1', banText(both));
  await fleet.exchange('fw1', 'fw2');
  const before = [await fleet.bans('fw1'), await fleet.bans('fw2')];

  await fleet.at('fw1').cli('unban', both);
  await fleet.at('fw1').cli('ban', other, '--for', '10m');
  await fleet.exchange('fw1', 'fw2');

  const byWeb1 = `${both} sshd by web1`;
  assert.equal(before, [[byWeb1], [byWeb1]]);
  assert.equal(
    [await fleet.bans('fw1'), await fleet.bans('fw2')],
    [[`${other} manual by local`], [`${other} manual by fw1/local`]],
  );
});

exchange.run();
