/** What .ci/run makes of what it runs, with programs in their places that pass, fail or are not there. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProgram } from '../support/run-program.ts';

const test = suite('.ci/run');

const RUN = join(import.meta.dirname, '../../../.ci/run');

/** What each program does, as a script of sh; `missing` is not there. */
type Programs = Readonly<Record<string, string>>;

/** Root, on a machine where all is there and well. */
const WELL: Programs = {
  id: 'echo 0',
  npm: `case $* in
    test) echo 'ok    some.test.ts'; echo '12 passed, 0 failed' ;;
    *lint) echo 'lint was here' ;;
    *test:system) echo '3 passed, 0 failed' ;;
  esac`,
  git: "printf 'a-script\\0'",
  shellcheck: 'echo "looked at $*"',
  debootstrap: ':',
  'systemd-nspawn': ':',
  'ansible-playbook': ':',
  chromium: ':',
  'apt-get': 'echo "apt-get $*" >>apt.log; exit 100',
  '.ci/setup': ':',
  '.ci/join-send': 'echo joined >"$1"',
  '.ci/debian-tree': ':',
  '.ci/deb/build': 'mkdir -p dist/deb; echo same >dist/deb/a.deb',
};

const REAL =
  'bash sh cat cmp cp dirname env grep mkdir mktemp printf rm sed sha256sum sleep sort tail tee xargs date kill echo'.split(
    ' ',
  );

interface Ended {
  readonly code: number;
  readonly lines: readonly string[];
  /** What stands below the last heading. */
  readonly end: readonly string[];
}

async function run(change: Programs = {}): Promise<Ended> {
  const folder = fs.mkdtempSync(join(tmpdir(), 'ci-run-'));
  const programs = { ...WELL, ...change };
  for (const name of REAL) {
    const path = (process.env['PATH'] ?? '').split(':').map((part) => join(part, name));
    link(path.find((each) => fs.existsSync(each)) ?? name, join(folder, 'bin', name));
  }
  for (const [name, script] of Object.entries(programs)) {
    if (script === 'missing') continue;
    const path = join(folder, name.startsWith('.') ? name : `bin/${name}`);
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  fs.writeFileSync(join(folder, 'a-script'), '#!/bin/sh\n');
  fs.mkdirSync(join(folder, 'action.d'));
  fs.writeFileSync(join(folder, 'action.d/banspool-send'), 'joined\n');
  fs.copyFileSync(RUN, join(folder, '.ci/run'));
  const ran = await runProgram([join(folder, '.ci/run')], { env: { PATH: join(folder, 'bin') } });
  fs.rmSync(folder, { recursive: true });
  const lines = ran.stdout.trimEnd().split('\n');
  const end = lines.slice(lines.lastIndexOf('== what came of it') + 1);
  return { code: ran.code, lines, end: end.map((line) => line.replace(/ in \d+ s$/, '')) };
}

function link(target: string, path: string): void {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.symlinkSync(target, path);
}

test('tells at its end of all that it looked at, and last how many tests passed', async () => {
  const { code, end } = await run();

  assert.equal(end, [
    'ok       tests: 12 passed',
    'ok       types and style',
    'ok       shell scripts',
    'ok       packages, the same bytes twice',
    'ok       booted machines: 3 passed, 0 failed',
    '12 passed, 0 failed',
  ]);
  assert.is(code, 0);
});

test('prints what lint says whole and after the tests, though lint runs beside them', async () => {
  const { lines } = await run({
    npm: `case $* in
      *lint) for i in 1 2 3; do echo "lint $i"; sleep 0.1; done; : >linted ;;
      test) while [ ! -e linted ]; do echo waiting; sleep 0.1; done; echo '12 passed, 0 failed' ;;
      *) echo '3 passed, 0 failed' ;;
    esac`,
  });

  const from = lines.indexOf('== types and style');
  assert.equal(lines.slice(from + 1, from + 4), ['lint 1', 'lint 2', 'lint 3']);
  assert.ok(lines.indexOf('12 passed, 0 failed') < from);
});

const FAILURES: Readonly<Record<string, readonly [change: Programs, told: string, last: string]>> = {
  'failed tests': [
    { npm: "echo '10 passed, 2 failed'; exit 1" },
    'FAILED   tests: 10 passed, 2 failed',
    // With lint and the machines, which are run by npm too.
    '10 passed, 4 failed',
  ],
  'tests that did not come to their end': [
    { npm: '[ "$1" != test ]' },
    'FAILED   tests: they did not come to their end',
    '0 passed, 1 failed',
  ],
  'failed lint': [
    { npm: "case $* in *lint) exit 1 ;; esac; echo '12 passed, 0 failed'" },
    'FAILED   types and style',
    '12 passed, 1 failed',
  ],
  'what shellcheck finds': [{ shellcheck: 'exit 1' }, 'FAILED   shell scripts', '12 passed, 1 failed'],
  'a sender that is not joined of its parts': [
    { '.ci/join-send': 'echo other >"$1"' },
    'FAILED   action.d/banspool-send: it is not what .ci/join-send makes',
    '12 passed, 1 failed',
  ],
  'packages that differ': [
    { '.ci/deb/build': 'mkdir -p dist/deb; echo $$ >dist/deb/a.deb' },
    'FAILED   packages, the same bytes twice',
    '12 passed, 1 failed',
  ],
  'failed machines': [
    { npm: "echo '12 passed, 0 failed'; case $* in *system) exit 1 ;; esac" },
    'FAILED   booted machines',
    '12 passed, 1 failed',
  ],
  'a set-up that fails': [{ '.ci/setup': 'exit 1' }, 'FAILED   setup', '0 passed, 1 failed'],
};

for (const [what, [change, told, last]] of Object.entries(FAILURES)) {
  test(`counts ${what} as failed, and exits with 1`, async () => {
    const { code, end } = await run(change);

    assert.ok(end.includes(told), end.join('\n'));
    assert.is(end.at(-1), last);
    assert.is(code, 1);
  });
}

const LEFT_OUT: Readonly<Record<string, readonly [change: Programs, told: string]>> = {
  'shell scripts, without shellcheck': [
    { shellcheck: 'missing' },
    'shell scripts: shellcheck is not installed',
  ],
  'the machines, without nspawn': [
    {
      npm: `case $* in
        *system) echo 'the booted machines are left out; they need: systemd-container' >&2; exit 77 ;;
      esac
      echo '12 passed, 0 failed'`,
    },
    'booted machines: they need systemd-container',
  ],
  'a package, without its Node': [
    {
      '.ci/deb/build': `mkdir -p dist/deb; echo same >dist/deb/a.deb
        echo 'left out: b_arm64.deb: its Node cannot be fetched' >&2`,
    },
    'a package: b_arm64.deb: its Node cannot be fetched',
  ],
  'the lab, without its daemons': [
    { npm: "echo 'left out: the 9 files of test/live'; echo '12 passed, 0 failed'" },
    'some tests: the 9 files of test/live',
  ],
};

for (const [what, [change, told]] of Object.entries(LEFT_OUT)) {
  test(`tells what was left out, and passes where it cannot be had: ${what}`, async () => {
    for (const without of [{ id: 'echo 1000' }, { 'apt-get': 'exit 100' }]) {
      const { code, end } = await run({ ...change, ...without });

      assert.ok(end.includes(`left out ${told}`), end.join('\n'));
      assert.is(end.at(-1), '12 passed, 0 failed');
      assert.is(code, 0);
    }
  });

  test(`fails where it could have been had: ${what}`, async () => {
    const { code, end } = await run({ ...change, 'apt-get': '[ "$1" = update ]' });

    assert.ok(end.includes(`FAILED   ${told}, and could be had`), end.join('\n'));
    assert.is(end.at(-1), '12 passed, 1 failed');
    assert.is(code, 1);
  });
}

test('installs as root what it lacks, and uses it', async () => {
  const { code, end } = await run({
    shellcheck: 'missing',
    'apt-get': '[ "$1" = update ] || { printf "#!/bin/sh\\n" >bin/shellcheck; chmod 755 bin/shellcheck; }',
    chmod: 'exec /bin/chmod "$@"',
  });

  assert.ok(end.includes('ok       shell scripts'), end.join('\n'));
  assert.is(code, 0);
});

test.run();
