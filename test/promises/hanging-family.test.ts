/** One family's iptables that does not come to an end, by a program of its name that waits. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { iptables, iptablesRules } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { processesWith } from '../support/processes.ts';
import { runProgram } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';
import { untilDropped } from '../support/until-dropped.ts';

const test = suite('an iptables that hangs');

/** Ends where the bans of a family are waited for until its iptables is given up by a time limit. */
const SOON_MS = 25_000;

async function enforced(ip: string, family: 'ipv4' | 'ipv6'): Promise<void> {
  await eventually(async () => {
    assert.ok(
      (await iptablesRules({ family })).some((rule) => rule.includes(ip)),
      ip,
    );
  }, SOON_MS);
}

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

/** As a program that is started finds it, behind its own. */
const SBIN = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Those that a controller has standing by, in this environment. */
function standingOf(program: string, env: NodeJS.ProcessEnv): readonly number[] {
  return processesWith(`PATH=${env['PATH'] ?? ''}:${SBIN}`).filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${program}\0`),
  );
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
    sandbox.drop('web1', banText(bans.ipv4[0] ?? ''));
    sandbox.drop('web1', banText(bans.ipv6[0] ?? ''));
    await sandbox.startController(env as Record<string, string>);
    await untilDropped(bans.ipv4[0] ?? '', 20_000);
    await enforced(bans.ipv6[0] ?? '', 'ipv6');

    writeFileSync(join(sandbox.folder, 'hang'), '');
    for (const pid of standingOf(`${program}-restore`, env)) process.kill(pid, 'SIGSTOP');
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

  test(`of ${family} at the first start keeps no ban of ${other} waiting, and what stood there is adopted in the end`, async () => {
    await using sandbox = await Sandbox.open();
    const env = programsThatMayHang(sandbox.folder, [program]);
    const [stood = '', later = ''] = bans[family];
    const [first = '', second = ''] = bans[other];
    for (const args of [
      ['-N', 'fail2ban-old'],
      ['-A', 'fail2ban-old', '-s', stood, '-j', 'DROP'],
      ['-I', 'INPUT', '-j', 'fail2ban-old'],
    ])
      await iptables(args, { family });
    writeFileSync(join(sandbox.folder, 'hang'), '');
    sandbox.drop('web1', banText(first));

    await sandbox.startController(env as Record<string, string>);
    await enforced(first, other);
    sandbox.drop('web1', banText(second));
    await enforced(second, other);
    sandbox.drop('web1', banText(later));
    rmSync(join(sandbox.folder, 'hang'));

    await enforced(later, family);
    await enforced(stood, family);
    assert.match((await sandbox.cli('list')).stdout, stood);
  });

  test(`of ${family} is not waited for at the end of a pass by hand, whichever of its programs it is`, async () => {
    for (const hanging of [program, `${program}-restore`]) {
      await using sandbox = await Sandbox.open();
      const env = programsThatMayHang(sandbox.folder, [hanging]);
      writeFileSync(join(sandbox.folder, 'hang'), '');
      for (const of of ['ipv4', 'ipv6'] as const) sandbox.drop('web1', banText(bans[of][0] ?? ''));

      const ran = await runProgram(sandbox.command('reconcile', '--no-pack'), {
        env: { ...process.env, ...env, TMPDIR: sandbox.folder },
      });

      const setting = `TMPDIR=${sandbox.folder}`;
      assert.is(ran.code, 5, ran.stderr);
      assert.ok(existsSync(join(sandbox.folder, 'hangs')));
      await enforced(bans[other][0] ?? '', other);
      assert.equal(sandbox.waiting(), []);
      await eventually(() => {
        assert.equal(processesWith(setting), []);
      });
    }
  });
}

test.run();
