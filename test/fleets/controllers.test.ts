/** Controllers that run share their bans as they come. */
import { symlinkSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { FleetOfSandboxes } from '../support/fleet.ts';
import { banText, unbanText } from '../support/intent-text.ts';

const controllers = suite('controllers of a fleet');

const RULE = '-A fw2-sshd -s 203.0.113.7/32 -j DROP';

controllers('enforce what a peer publishes as soon as it is there, and lift it so too', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2']);
  // As on a file system that both have.
  symlinkSync(fleet.outbox('fw1'), fleet.inbox('fw2', 'fw1'));
  await fleet.at('fw1').startController();
  await fleet.at('fw2').startController();

  fleet.at('fw1').drop('web1', banText('203.0.113.7'));
  await eventually(async () => {
    assert.ok((await iptablesRules()).includes(RULE));
  });
  fleet.at('fw1').drop('web1', unbanText('203.0.113.7'));
  await eventually(async () => {
    assert.not.ok((await iptablesRules()).includes(RULE));
  });
});

controllers.run();
