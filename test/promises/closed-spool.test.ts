/** A spool that the controller may not work in: the commands that status, or doctor to root, names let it in again. */
import { chmodSync, chownSync, lstatSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText } from '../support/intent-text.ts';
import { isUserNamespace } from '../support/namespaces.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { outputOf, runProgram, type Ran } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('a spool closed to the controller');

/** The account without rights, which every Linux has. */
const NOBODY = 65_534;

const CAPS = '+net_admin,+net_raw';
const AS_NOBODY = [
  ...['setpriv', '--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'],
  ...['--inh-caps', CAPS, '--ambient-caps', CAPS, '--'],
];

/** All is nobody's but the spool, which is root's, as the packages have it; one server was heard. */
async function openOfNobody(): Promise<Sandbox> {
  const sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('203.0.113.7'));
  mkdirSync(sandbox.rejected);
  await makePass(worldOf(sandbox));
  await outputOf(['chown', '-R', `${NOBODY}:${NOBODY}`, sandbox.folder]);
  chownSync(sandbox.spool, 0, 0);
  chmodSync(sandbox.folder, 0o755);
  return sandbox;
}

async function pass(sandbox: Sandbox): Promise<Ran> {
  return runProgram([...AS_NOBODY, ...sandbox.command('reconcile')]);
}

/** What `status` says of the spool; undefined where all is well. */
function toldOf(sandbox: Sandbox): { readonly reason: string; readonly message: string } | undefined {
  return sandbox
    .status()
    .conditions.find(({ type, status }) => type === 'SpoolReadable' && status === 'False');
}

/** The command at the end of a mend, as a person copies it. */
function commandIn(text: string): string {
  const mend = text.split('fix: ').at(-1) ?? '';
  return mend.replace(/^.*ones: /, '').replace(/; (?:a (?:server )?name (?:is|contains)|then run) .*$/, '');
}

interface Trouble {
  readonly reason: string;
  readonly make: (sandbox: Sandbox) => void;
  /** What doctor says of it, where it is of folders. */
  readonly doctor?: RegExp;
}

const close = (path: string): void => {
  chownSync(path, 0, 0);
  chmodSync(path, 0o700);
};

const TROUBLES: Readonly<Record<string, Trouble>> = {
  'a spool that only root may read': {
    reason: 'Missing',
    make: ({ spool }) => {
      close(spool);
    },
    doctor: /\nbad {3}spool: \S+ cannot be read\n/,
  },
  'no spool': {
    reason: 'Missing',
    make: ({ spool, folder }) => {
      renameSync(spool, join(folder, 'old'));
    },
    doctor: /\nwarn {2}spool: \S+ does not exist yet\n/,
  },
  'a folder of a server that is root’s': {
    reason: 'FolderClosed',
    make: ({ spool }) => {
      close(join(spool, 'web1'));
    },
    doctor: /\nbad {3}server web1: \S+ cannot be written\n/,
  },
  'a folder of a server that cannot be written': {
    reason: 'CannotRemove',
    make: (sandbox) => {
      sandbox.drop('web1', banText('203.0.113.8'));
      chownSync(join(sandbox.spool, 'web1'), 0, 0);
    },
    doctor: /\nbad {3}server web1: \S+ cannot be written\n/,
  },
  'a rejected folder that is root’s': {
    reason: 'CannotReject',
    make: (sandbox) => {
      sandbox.drop('web1', 'intent: nonsense\n...\n');
      chownSync(sandbox.rejected, 0, 0);
    },
    doctor: /\nbad {3}rejected: \S+ cannot be written\n/,
  },
  'a rejected folder that cannot be read': {
    reason: 'RejectedUnreadable',
    make: ({ rejected }) => {
      chmodSync(rejected, 0);
    },
    doctor: /\nbad {3}rejected: \S+ cannot be written\n/,
  },
  'a file that nobody may read': {
    reason: 'Forbidden',
    make: (sandbox) => {
      const name = sandbox.drop('web1', banText('203.0.113.8'));
      chmodSync(join(sandbox.spool, 'web1', name), 0);
    },
  },
  'a folder that is no server’s': {
    reason: 'NotAServer',
    make: ({ spool }) => {
      mkdirSync(join(spool, "We b'1;$(x)"));
    },
    doctor: /\nwarn {2}"We b'1;\$\(x\)" in the spool is not a valid server name\n/,
  },
};

for (const [what, { reason, make, doctor }] of Object.entries(TROUBLES)) {
  test(`as ${what} is told by status with a command that mends it, and by doctor to root`, async () => {
    if (isUserNamespace()) return;
    await using sandbox = await openOfNobody();
    make(sandbox);
    await pass(sandbox);

    const told = toldOf(sandbox);
    const diagnosed = await sandbox.cli('doctor');
    await outputOf(['sh', '-c', commandIn(told?.message ?? '')]);
    await pass(sandbox);
    const again = await sandbox.cli('doctor');

    assert.is(told?.reason, reason);
    assert.is(toldOf(sandbox), undefined);
    if (doctor !== undefined) {
      assert.match(diagnosed.stdout, doctor);
      assert.ok(
        diagnosed.stdout.includes(`fix: ${told?.message.split('fix: ')[1]?.split('; a ')[0] ?? '?'}`),
      );
      assert.not.match(again.stdout, doctor);
    }
    assert.not.match(again.stdout, /^bad {3}/m);
  });
}

test('is not mended by a command that follows what a server left there', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openOfNobody();
  const secret = join(sandbox.folder, 'secret');
  writeFileSync(secret, 'of root', { mode: 0o600 });
  chownSync(secret, 0, 0);
  symlinkSync(secret, join(sandbox.spool, 'web1/link.yaml'));
  chmodSync(join(sandbox.spool, 'web1', sandbox.drop('web1', banText('203.0.113.8'))), 0);
  close(join(sandbox.spool, 'web1'));
  await pass(sandbox);

  for (let told = toldOf(sandbox); told !== undefined; told = toldOf(sandbox)) {
    await outputOf(['sh', '-c', commandIn(told.message)]);
    await pass(sandbox);
  }

  const { uid, mode } = lstatSync(secret);
  assert.equal([uid, mode & 0o777], [0, 0o600]);
});

test.run();
