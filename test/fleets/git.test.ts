/** Firewalls share their bans by a git repository; here it is a folder, and elsewhere behind ssh. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { FleetOfSandboxes } from '../support/fleet.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { outputOf } from '../support/run-program.ts';

const hub = suite('a fleet on git');

const RULE = '-A fw2-sshd -s 203.0.113.7/32 -j DROP';

const isDropped = async (): Promise<boolean> => (await iptablesRules()).includes(RULE);

hub('shares what is banned and unbanned, and goes on when the repository was emptied', async () => {
  await using fleet = await FleetOfSandboxes.openOnGit(['fw1', 'fw2']);
  for (const name of ['fw1', 'fw2']) await fleet.at(name).startController();
  for (const name of ['fw1', 'fw2']) fleet.startMover(name);

  fleet.at('fw1').drop('web1', banText('203.0.113.7'));
  await eventually(async () => {
    assert.ok(await isDropped());
  });
  rmSync(fleet.hub, { recursive: true });
  await outputOf(['git', 'init', '--quiet', '--bare', fleet.hub]);
  await eventually(() => {
    assert.ok(existsSync(join(fleet.hub, 'refs/heads/fw/fw1/claims')));
  });
  assert.ok(await isDropped());

  fleet.at('fw1').drop('web1', unbanText('203.0.113.7'));
  await eventually(async () => {
    assert.not.ok(await isDropped());
  });
});

hub.run();
