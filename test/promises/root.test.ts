/** Root at work on what another account owns: nothing that it put there leads root anywhere. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { iptables } from '../support/firewall.ts';
import { banText } from '../support/intent-text.ts';
import { isUserNamespace } from '../support/namespaces.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { outputOf, runProgram, type Ran, type RunOptions } from '../support/run-program.ts';
import { masked } from '../support/masked.ts';
import { Sandbox } from '../support/sandbox.ts';
import { runTraced } from '../support/traced.ts';

const test = suite('root');

/** The account without rights, which every Linux has. */
const NOBODY = '65534:65534';

/** A state with one ban that is nobody's, and full of what nobody would have root run. */
async function openBaited(): Promise<Sandbox> {
  const sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('203.0.113.7'));
  await makePass(worldOf(sandbox));
  mkdirSync(join(sandbox.spool, 'local'));
  await outputOf(['chown', '-R', NOBODY, sandbox.state, join(sandbox.spool, 'local')]);
  chmodSync(sandbox.folder, 0o755);
  mkdirSync(join(sandbox.folder, 'ran'));
  chmodSync(join(sandbox.folder, 'ran'), 0o777);
  const bait = join(sandbox.state, '.git/bait');
  writeFileSync(bait, `#!/bin/sh\nid -u >>${sandbox.folder}/ran/"\${0##*/}"\ncat 2>/dev/null\n`, {
    mode: 0o755,
  });
  const git = join(sandbox.state, '.git');
  for (const folder of ['info', 'hooks']) mkdirSync(join(git, folder), { recursive: true });
  writeFileSync(join(git, 'info/attributes'), '* diff=bait filter=bait\n');
  writeFileSync(join(git, 'more'), configOf(bait));
  writeFileSync(join(git, 'config'), `[include]\n path = more\n`, { flag: 'a' });
  for (const hook of ['post-index-change', 'reference-transaction', 'pre-commit', 'post-commit'])
    writeFileSync(join(git, 'hooks', hook), readFileSync(bait), { mode: 0o755 });
  await outputOf(['chown', '-R', NOBODY, sandbox.state]);
  return sandbox;
}

function configOf(bait: string): string {
  return [
    `[core]\n fsmonitor = ${bait}\n pager = ${bait}\n editor = ${bait}\n hooksPath = ${bait}.d\n sshCommand = ${bait}`,
    `[diff]\n external = ${bait}\n[diff "bait"]\n textconv = ${bait}\n command = ${bait}`,
    `[filter "bait"]\n clean = ${bait}\n smudge = ${bait}\n process = ${bait}\n required = true`,
    `[gpg]\n program = ${bait}\n[log]\n showSignature = true\n[commit]\n gpgSign = true`,
    `[alias]\n log = !${bait}\n config = !${bait}\n[pager]\n log = ${bait}\n[hook "bait"]\n command = ${bait}\n event = post-commit`,
    '',
  ].join('\n');
}

/** As Debian 13's Node: no process changes its ids. */
const REFUSING = `
for (const name of ['setuid', 'seteuid', 'setgid', 'setegid', 'setgroups', 'initgroups']) {
  process[name] = () => {
    throw new Error(name + '() disabled: io_uring may be enabled. See CVE-2024-22017.');
  };
}
`;

/** The words of a command, for such a Node. */
function commandOf(sandbox: Sandbox, ...words: readonly string[]): readonly string[] {
  const refusing = join(sandbox.folder, 'refusing.mjs');
  writeFileSync(refusing, REFUSING);
  const [node = '', ...others] = sandbox.command(...words);
  return [node, '--import', refusing, ...others];
}

async function runOn(sandbox: Sandbox, words: readonly string[], options?: RunOptions): Promise<Ran> {
  return runProgram(commandOf(sandbox, ...words), options);
}

const COMMANDS: readonly (readonly string[])[] = [
  ['status'],
  ['top', '--once'],
  ['list'],
  ['plan'],
  ['why', '203.0.113.7'],
  ['history'],
  ['history', '203.0.113.7'],
  ['replay', '--policy', 'FILE'],
  ['refused'],
  ['report'],
  ['doctor'],
  ['check'],
  ['policy', 'apply', 'FILE'],
  ['allow', '198.51.100.0/24'],
  ['import', 'LIST', '--no-wait'],
  ['confirm'],
  ['accept'],
  ['ban', '198.51.100.7'],
  ['unban', '203.0.113.7'],
  ['support', '--out', 'OUT'],
];

for (const command of COMMANDS) {
  test(`runs and writes nothing, with ${command.join(' ')}, that the owner of the state could have put there`, async () => {
    if (isUserNamespace()) return;
    await using sandbox = await openBaited();

    const { suspect, looked, code, stderr } = await runTraced(
      commandOf(
        sandbox,
        ...command.map((word) =>
          word
            .replace('FILE', policyFile(sandbox, '192.0.2.0/24'))
            .replace('LIST', listFile(sandbox))
            .replace('OUT', join(sandbox.folder, 'report.tar.gz')),
        ),
      ),
    );

    assert.equal(suspect, []);
    assert.ok(looked > 0, 'nothing was traced');
    assert.ok([0, 1, 3, 5].includes(code), `${code}: ${stderr}`);
    assert.not.ok(existsSync(join(sandbox.folder, 'ran/bait')), 'a program of the repository ran');
    assert.not.match(stderr, /git/, stderr);
  });
}

test('sees in doctor what only root may see, and tells both halves as one answer', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openBaited();
  await iptables(['-N', 'fail2ban-left'], { variant: 'legacy' });

  const told = await runOn(sandbox, ['doctor']);
  const json = await runOn(sandbox, ['doctor', '--json']);

  await iptables(['-X', 'fail2ban-left'], { variant: 'legacy' });
  const { findings } = JSON.parse(json.stdout) as { findings: readonly { readonly text: string }[] };
  assert.match(told.stdout, 'iptables-legacy still has 1 chain of banspool');
  assert.match(told.stdout, 'no server has a key');
  assert.equal(
    told.stdout.split('\n').flatMap((line) => /^(?:good|warn|bad ) {2}(.*)$/.exec(line)?.[1] ?? []),
    findings.map(({ text }) => text),
  );
});

test('sees the firewall from a folder that only root may enter, as from its home', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openBaited();
  const home = join(sandbox.folder, 'home');
  mkdirSync(home, { mode: 0o700 });

  const ran = await runProgram(['env', '-C', home, ...commandOf(sandbox, 'why', '203.0.113.7')]);

  assert.is(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /^203\.0\.113\.7 is dropped/);
});

test('looks as the owner of the state also where its PATH names no folder of programs', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openBaited();

  const plain = await runOn(sandbox, ['list']);
  const ran = await runOn(sandbox, ['list'], { env: { PATH: '/nowhere' } });

  assert.is(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, '203.0.113.7');
  assert.is(withoutAges(ran.stdout, sandbox), withoutAges(plain.stdout, sandbox));
});

for (const command of ['list', 'check', 'doctor']) {
  test(`reads with ${command} a config that only root may read, and one that comes by a pipe`, async () => {
    if (isUserNamespace()) return;
    await using sandbox = await openBaited();
    const plain = await runOn(sandbox, [command]);
    const text = readFileSync(sandbox.configPath, 'utf8');

    chmodSync(sandbox.configPath, 0o600);
    const closed = await runOn(sandbox, [command]);
    rmSync(sandbox.configPath);
    const substituted = await runProgram([
      ...['bash', '-c', 'text=$1; shift; "$@" --config <(printf %s "$text"); exit $?', 'bash', text],
      ...commandOf(sandbox, command).slice(0, -2),
    ]);

    for (const ran of [closed, substituted]) {
      assert.is(ran.code, plain.code, ran.stderr);
      assert.is(withoutAges(ran.stdout, sandbox), withoutAges(plain.stdout, sandbox));
    }
  });
}

/** What differs between two looks at the same, and how the config is called. */
function withoutAges(text: string, { configPath }: Sandbox): string {
  return masked(text)
    .replaceAll(/\d+ (?:s|ms)\b/g, 'N')
    .replaceAll(/\/dev\/fd\/\d+/g, configPath);
}

/** The path of one that only root may read. */
function policyFile({ folder }: Sandbox, net: string): string {
  const path = join(folder, 'new.yaml');
  writeFileSync(path, policyOf(net), { mode: 0o600 });
  return path;
}

/** Which only root may read. */
function listFile({ folder }: Sandbox): string {
  const path = join(folder, 'bans.txt');
  writeFileSync(path, '198.51.100.8\n', { mode: 0o600 });
  return path;
}

function policyOf(net: string): string {
  return `allow:\n  - { net: ${net}, note: office }\n`;
}

test('puts a policy in force that only root may read, and one that comes by standard input', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openBaited();
  const file = policyFile(sandbox, '192.0.2.0/24');
  const policy = join(sandbox.state, 'policy.yaml');

  const closed = await runOn(sandbox, ['policy', 'apply', file]);
  const first = readFileSync(policy, 'utf8');
  const piped = await runOn(sandbox, ['policy', 'apply', '-'], { input: policyOf('198.18.0.0/24') });
  const second = readFileSync(policy, 'utf8');

  assert.equal([closed.code, piped.code], [0, 0], closed.stderr + piped.stderr);
  assert.equal([first, second], [policyOf('192.0.2.0/24'), policyOf('198.18.0.0/24')]);
  assert.is(`${statSync(policy).uid}:${statSync(policy).gid}`, NOBODY);
});

test('makes the folder for an operator’s words, where there is none, for the owner of the state', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openBaited();
  const folder = join(sandbox.spool, 'local');
  rmSync(folder, { recursive: true });
  chmodSync('/run', 0o755);

  const { code, stderr, suspect } = await runTraced(commandOf(sandbox, 'ban', '198.51.100.7'));

  assert.is(code, 0, stderr);
  assert.equal(suspect, []);
  const { uid, gid, mode } = statSync(folder);
  assert.is(`${uid}:${gid} ${(mode & 0o777).toString(8)}`, `${NOBODY} 700`);
});

test('is told that it would lock itself out, though as the owner of the state it could not see from where it logged in', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openBaited();
  const asBySudo = [
    'sh',
    '-c',
    'env -u SSH_CONNECTION "$@"; exit $?',
    'sh',
    ...commandOf(sandbox, 'ban', '198.51.100.0/28'),
  ];

  const ran = await runProgram(asBySudo, {
    env: { ...process.env, SSH_CONNECTION: '198.51.100.7 50000 203.0.113.1 22' },
  });

  assert.is.not(ran.code, 0);
  assert.match(ran.stderr, /198\.51\.100\.7/);
  assert.match(ran.stderr, /you are logged in/);
});

test('makes a pass, as the owner of the state would, in which no program of the repository runs', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openBaited();
  await outputOf(['chown', '-R', '0:0', sandbox.state]);
  writeFileSync(join(sandbox.state, 'policy.yaml'), 'allow:\n  - { net: 192.0.2.0/24, note: office }\n');
  sandbox.drop('web1', banText('203.0.113.8'));

  const ran = await sandbox.cli('reconcile');

  assert.is(ran.code, 0, ran.stderr);
  assert.match(await sandbox.cli('history', '203.0.113.8').then(({ stdout }) => stdout), /ban 203.0.113.8/);
  assert.not.ok(existsSync(join(sandbox.folder, 'ran/bait')), 'a program of the repository ran');
});

/** `ban --wait` of root's, where no pass is due: it never ends by itself. */
const startWaiting = (sandbox: Sandbox): Child =>
  new Child(commandOf(sandbox, 'ban', '198.51.100.7', '--wait'));

/** The process that it began as the owner of the state, once that waits. */
async function begunBy(root: Child, sandbox: Sandbox): Promise<number> {
  return eventually(() => {
    const pid = Number(readFileSync(`/proc/${root.pid}/task/${root.pid}/children`, 'utf8').trim());
    assert.match(readFileSync(`/proc/${pid}/status`, 'utf8'), /^Uid:\t0\t65534\t/m);
    assert.is(readdirSync(join(sandbox.spool, 'local')).length, 1);
    return pid;
  });
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  test(`ends at ${signal} with all that it began as the owner of the state`, async () => {
    if (isUserNamespace()) return;
    await using sandbox = await openBaited();
    await using root = startWaiting(sandbox);
    const its = await begunBy(root, sandbox);

    const ended = await root.stop(signal);

    const isLeft = existsSync(`/proc/${its}`);
    if (isLeft) process.kill(its, 'SIGKILL');
    assert.is(ended, signal);
    assert.not.ok(isLeft, 'what acts as the owner of the state lives on');
  });
}

test('ends with the signal that ended what it began as the owner of the state', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openBaited();
  await using root = startWaiting(sandbox);
  const its = await begunBy(root, sandbox);

  process.kill(its, 'SIGTERM');

  assert.is(await root.ended, 'SIGTERM');
});

for (const [name, command, code] of [
  ['policy.yaml', ['check'], 1],
  ['policy.yaml', ['list'], 0],
  ['claims/ipv4/203.yaml', ['why', '203.0.113.7'], 1],
  ['claims/ipv4/203.yaml', ['doctor'], 1],
  ['status.json', ['status'], 5],
] as const) {
  test(`is not held up by a FIFO in the place of ${name}, with ${command.join(' ')}`, async () => {
    if (isUserNamespace()) return;
    await using sandbox = await openBaited();
    const path = join(name === 'status.json' ? sandbox.folder : sandbox.state, name);
    await outputOf(['sh', '-c', 'rm -f "$1" && mkfifo -m 666 "$1" && chown "$2" "$1"', 'sh', path, NOBODY]);

    const ran = await runOn(sandbox, command);

    assert.is(ran.code, code, ran.stdout + ran.stderr);
  });
}

test.run();
