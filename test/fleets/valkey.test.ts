/** Firewalls share their bans by a real server, each release of it that Debian has. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { publication } from '../mover/mover-suite.ts';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { FleetOfSandboxes } from '../support/fleet.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { valkeyReleases, ValkeyServerProcess } from '../support/valkey-server.ts';

const hub = suite('a fleet on Valkey');

const RULE = '-A fw2-sshd -s 203.0.113.7/32 -j DROP';

const isDropped = async (): Promise<boolean> => (await iptablesRules()).includes(RULE);

for (const release of valkeyReleases())
  hub(
    `shares what is banned and unbanned, and lifts nothing where the server loses it or lies: ${release}`,
    async () => {
      await using server = await ValkeyServerProcess.start(release);
      const remote = `redis://127.0.0.1:${server.port}`;
      await using fleet = await FleetOfSandboxes.openOnValkey(['fw1', 'fw2'], () => ({ remote }));
      for (const name of ['fw1', 'fw2']) await fleet.at(name).startController();
      const movers = ['fw1', 'fw2'].map((name) => fleet.startMover(name));

      fleet.at('fw1').drop('web1', banText('203.0.113.7'));
      await eventually(async () => {
        assert.ok(await isDropped(), movers.map(({ stderr }) => stderr).join('\n'));
      });
      await server.cli('FLUSHALL');
      await eventually(async () => {
        assert.is(await server.cli('EXISTS', 'banspool:fw1:index'), '1');
      });
      await server.kill();
      await server.start();
      await eventually(async () => {
        assert.is(await server.cli('EXISTS', 'banspool:fw1:index', 'banspool:fw2:index'), '2');
      });
      // Who is not fw1, and got its password.
      await movers[0]?.stop();
      const published = publication('fw1', Date.now() + 60_000, {});
      for (const [path, text] of Object.entries(published))
        await server.put(`banspool:fw1:${path}`, deflateSync(text));
      await server.cli('SET', 'banspool:fw1:index', 'a'.repeat(64));
      await server.cli('PUBLISH', 'banspool:bell', 'fw1');
      const inbox = fleet.inbox('fw2', 'fw1');
      const moved = ['peer.yaml', 'peer.yaml.sig'];
      await eventually(() => {
        for (const name of moved) assert.is(readFileSync(join(inbox, name), 'utf8'), published[name]);
      });
      // For a minute it could be half of a copy; the mover may bring it once more.
      await eventually(async () => {
        for (const name of moved) FleetOfSandboxes.age(join(inbox, name));
        assert.match((await fleet.at('fw2').cli('peers')).stdout, /^fw1 .* is not signed with the key/m);
      });
      assert.ok(await isDropped());

      fleet.startMover('fw1');
      fleet.at('fw1').drop('web1', unbanText('203.0.113.7'));
      await eventually(async () => {
        assert.not.ok(await isDropped());
      });
    },
  );

if (valkeyReleases().length === 0) hub('wants a server of the lab, by .ci/fetch-lab', () => undefined);

hub.run();
