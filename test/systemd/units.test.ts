import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProgram, type Ran } from '../support/run-program.ts';

const test = suite('the systemd units');

const UNITS = join(import.meta.dirname, '../../../systemd');

/** Those that hold a capability and the firewall. */
const FIREWALL_UNITS = ['banspool.service', 'banspool-boot.service', 'banspool-reconcile.service'];

/** systemd-analyze(1): 0 is shut, 10 is open. */
const MAX_EXPOSURE = 2.0;

function textOf(name: string): string {
  return readFileSync(join(UNITS, name), 'utf8');
}

/** Copies of all units that name only programs that are there: ours are not installed. */
function copyUnits(): readonly string[] {
  const folder = mkdtempSync('/run/units-');
  return readdirSync(UNITS)
    .filter((name) => /\.(service|timer)$/.test(name))
    .map((name) => {
      const path = join(folder, name);
      writeFileSync(path, textOf(name).replaceAll(/\/usr\/s?bin\/banspool[a-z-]*/g, '/bin/true'));
      return path;
    });
}

/** It works in /tmp, whatever TMPDIR says. */
async function analyze(...words: readonly string[]): Promise<Ran> {
  const script = 'mount -t tmpfs tmpfs /tmp; exec systemd-analyze "$@"';
  return runProgram(['unshare', '--mount', 'sh', '-ec', script, 'sh', ...words]);
}

test('are understood by systemd to the last line', async () => {
  const ran = await analyze('verify', '--man=no', ...copyUnits());

  assert.is(ran.stderr, '');
  assert.is(ran.code, 0);
});

test('that hold the firewall are shut to all else', async () => {
  for (const path of copyUnits().filter((each) => FIREWALL_UNITS.some((name) => each.endsWith(`/${name}`)))) {
    const { stdout } = await analyze('security', '--offline=true', '--no-pager', path);

    const exposure = Number(/Overall exposure level for .*: ([0-9.]+)/.exec(stdout)?.[1]);
    assert.ok(exposure < MAX_EXPOSURE, `${path}: ${exposure}\n${stdout}`);
  }
});

test('that hold the firewall start also where the state or the spool was moved away', () => {
  for (const name of FIREWALL_UNITS) {
    const lines = [...textOf(name).matchAll(/^ReadWritePaths=(.*)$/gm)];
    const paths = lines.flatMap(([, line = '']) => line.split(' '));

    assert.equal(paths, ['-/var/lib/banspool', '-/var/spool/banspool', '-/run/xtables.lock'], name);
  }
});

test('at boot come after the modules that iptables-legacy needs', () => {
  const after = [...textOf('banspool-boot.service').matchAll(/^After=(.*)$/gm)].flatMap(([, line = '']) =>
    line.split(' '),
  );

  assert.ok(after.includes('systemd-modules-load.service'), after.join(' '));
});

test('that hold the firewall have the same sandbox', () => {
  const [first, ...others] = FIREWALL_UNITS.map((name) => /^User=[^]*?\n\n/m.exec(textOf(name))?.[0]);

  assert.match(first ?? '', /^CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW$/m);
  for (const other of others) assert.is(other, first);
});

test.run();
