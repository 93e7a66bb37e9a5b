/** Firewalls share their bans by a real server, each release of it that Debian has. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { FleetOfSandboxes } from '../support/fleet.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { valkeyReleases, ValkeyServerProcess } from '../support/valkey-server.ts';

const hub = suite('a fleet on Valkey');

const RULE = '-A fw2-sshd -s 203.0.113.7/32 -j DROP';

const isDropped = async (): Promise<boolean> => (await iptablesRules()).includes(RULE);

for (const release of valkeyReleases())
  hub(`shares what is banned and unbanned, and goes on when the server was emptied: ${release}`, async () => {
    await using server = await ValkeyServerProcess.start(release);
    const remote = `redis://127.0.0.1:${server.port}`;
    await using fleet = await FleetOfSandboxes.openOnValkey(['fw1', 'fw2'], () => ({ remote }));
    for (const name of ['fw1', 'fw2']) await fleet.at(name).startController();
    const movers = ['fw1', 'fw2'].map((name) => fleet.startMover(name));

    fleet.at('fw1').drop('web1', banText('203.0.113.7'));
    await eventually(async () => {
      assert.ok(await isDropped(), movers.map(({ stderr }) => stderr).join('\n'));
    }, 30_000);
    await server.cli('FLUSHALL');
    await eventually(async () => {
      assert.is(await server.cli('EXISTS', 'banspool:fw1:index'), '1');
    });
    assert.ok(await isDropped());

    fleet.at('fw1').drop('web1', unbanText('203.0.113.7'));
    await eventually(async () => {
      assert.not.ok(await isDropped());
    });
  });

if (valkeyReleases().length === 0) hub('wants a server of the lab, by .ci/fetch-lab', () => undefined);

hub.run();
