/** One family's iptables that does not come to an end, by a program of its name that waits. */
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { Sandbox } from '../support/sandbox.ts';
import { untilDropped } from '../support/until-dropped.ts';

const test = suite('an iptables that hangs');

/** Programs that wait, as long as there is a file `hang`, and note that they do; the rest of PATH is as it was. */
function programsThatMayHang(folder: string, names: readonly string[]): NodeJS.ProcessEnv {
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  for (const name of names) {
    const path = join(programs, name);
    const script = `#!/bin/sh
      while [ -e ${folder}/hang ]; do : >${folder}/hangs; sleep 0.1; done
      exec /usr/sbin/${name} "$@"\n`;
    writeFileSync(path, script);
    chmodSync(path, 0o755);
  }
  return { PATH: `${programs}:${process.env['PATH'] ?? ''}` };
}

for (const [family, other, program] of [
  ['ipv6', 'ipv4', 'ip6tables-nft'],
  ['ipv4', 'ipv6', 'iptables-nft'],
] as const) {
  const bans = {
    ipv4: ['198.51.100.7', '198.51.100.8', '198.51.100.9'],
    ipv6: ['2001:db8:5::7', '2001:db8:6::8', '2001:db8:7::9'],
  };

  test(`of ${family} keeps no ban of ${other} from being enforced, saved and committed`, async () => {
    await using sandbox = await Sandbox.open();
    const env = programsThatMayHang(sandbox.folder, [program, `${program}-restore`]);
    const enforced = (ip: string, of: 'ipv4' | 'ipv6') =>
      eventually(async () => {
        assert.ok(
          (await iptablesRules({ family: of })).some((rule) => rule.includes(ip)),
          ip,
        );
      }, 25_000);
    sandbox.drop('web1', banText(bans.ipv4[0] ?? ''));
    sandbox.drop('web1', banText(bans.ipv6[0] ?? ''));
    await sandbox.startController(env as Record<string, string>);
    await untilDropped(bans.ipv4[0] ?? '', 20_000);
    await enforced(bans.ipv6[0] ?? '', 'ipv6');

    writeFileSync(join(sandbox.folder, 'hang'), '');
    sandbox.drop('web1', banText(bans[family][1] ?? ''));
    await eventually(() => {
      assert.ok(existsSync(join(sandbox.folder, 'hangs')));
    });
    sandbox.drop('web1', banText(bans[other][1] ?? ''));
    await enforced(bans[other][1] ?? '', other);
    await eventually(async () => {
      const told = await sandbox.git('log', '--format=%B');
      for (const ip of [bans[family][1] ?? '', bans[other][1] ?? '']) assert.match(told, ip);
    }, 20_000);
    // It hangs on, and the next ban is nobody's to wait for.
    sandbox.drop('web1', banText(bans[other][2] ?? ''));
    await enforced(bans[other][2] ?? '', other);
    const converged = sandbox.status().conditions.find(({ type }) => type === 'Converged');

    rmSync(join(sandbox.folder, 'hang'));

    assert.is(converged?.status, 'False');
    assert.match(converged?.message ?? '', `${family}: `);
    await enforced(bans[family][1] ?? '', family);
    await eventually(() => {
      assert.is(sandbox.status().converged, true);
    }, 60_000);
  });
}

test.run();
