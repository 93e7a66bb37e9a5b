/** iptables and ipset of Debian 13, whatever this machine has: they stand by as those of Debian 12 do. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openFirewall } from '../../src/system/firewall/iptables.ts';
import { openStandingTools } from '../../src/system/firewall/standing-tools.ts';
import { run, type Run } from '../../src/system/processes/run.ts';
import { treeOf } from '../lab/layers.ts';
import { eventually } from '../support/eventually.ts';
import { clearFirewall } from '../support/firewall.ts';

const test = suite('tools of Debian 13');

/** They stand in front of the machine's own from here on; false where there are none. */
function useThem(): boolean {
  const tree = findTree();
  const files = tree === undefined ? [] : readdirSync(tree, { recursive: true, encoding: 'utf8' });
  const loader = files.find((file) => /\/lib\/.*\/ld-linux[^/]*\.so\.\d+$/.test(file));
  if (tree === undefined || loader === undefined) return false;
  const folder = mkdtempSync('/run/trixie-');
  const libraries = join(tree, dirname(loader));
  for (const file of files.filter((each) =>
    /\/sbin\/(?:ip6?tables-(?:nft|legacy)(?:-restore)?|ipset)$/.test(each),
  )) {
    const name = file.replace(/.*\//, '');
    const words = `${join(tree, loader)} --argv0 ${name} --library-path ${libraries} ${join(tree, file)}`;
    writeFileSync(join(folder, name), `#!/bin/sh\nXTABLES_LIBDIR=${libraries}/xtables exec ${words} "$@"\n`);
    chmodSync(join(folder, name), 0o755);
  }
  process.env['PATH'] = `${folder}:${process.env['PATH'] ?? ''}`;
  return existsSync(join(folder, 'ipset'));
}

function findTree(): string | undefined {
  try {
    return treeOf('iptables-trixie');
  } catch {
    return undefined;
  }
}

const textOf = (...lines: readonly string[]): string => ['*filter', ...lines, 'COMMIT', ''].join('\n');

if (!useThem()) {
  test('want a tree of the lab, by .ci/fetch-lab', () => undefined);
} else {
  for (const variant of ['nft', 'legacy'] as const) {
    test(`take bans as they stand by, and are asked again after one that they refused (${variant})`, async () => {
      await clearFirewall();
      const { stdout } = await run(`iptables-${variant}`, ['--version']);
      const standing = openStandingTools(20_000);
      const ran: string[] = [];
      const noting: Run = (file, ...words) => {
        ran.push(file);
        return run(file, ...words);
      };
      try {
        const firewall = await openFirewall(noting, variant, standing);
        const { sets } = firewall;
        if (sets.kind === 'unusable') throw new Error(sets.reason);
        await sets.restore('create fail2ban-a hash:net family inet timeout 0 counters\n');
        const ban = async (last: number): Promise<void> => {
          await sets.restore(`add fail2ban-a 192.0.2.${last} timeout 600\n`);
          await firewall.restore('ipv4', textOf(`-A INPUT -s 192.0.2.${last} -j DROP`));
        };
        const untilStanding = async (): Promise<void> =>
          eventually(async () => {
            ran.length = 0;
            await firewall.list('ipv4');
            await sets.restore('add fail2ban-a 192.0.2.1 timeout 600\n');
            await firewall.restore('ipv4', textOf('-N none', '-X none'));
            assert.equal(ran, []);
          }, 60_000);

        await untilStanding();
        await ban(7);
        const first = [...ran];
        const refusals = await Promise.allSettled([
          sets.restore('add fail2ban-none 192.0.2.7 timeout 600\n'),
          firewall.restore('ipv4', textOf('-A nowhere -j DROP')),
        ]);
        await untilStanding();
        await ban(8);
        const listed = await firewall.list('ipv4');

        assert.match(stdout, /v1\.8\.11/);
        assert.equal([first, ran], [[], []]);
        assert.equal(
          refusals.map(({ status }) => status),
          ['rejected', 'rejected'],
        );
        for (const last of [7, 8]) assert.match(listed, `-A INPUT -s 192.0.2.${last}/32 -c 0 0 -j DROP`);
        const { exitCode } = await run('ipset', ['test', 'fail2ban-a', '192.0.2.8']);
        assert.is(exitCode, 0);
      } finally {
        standing.close();
      }
    });
  }
}

test.run();
