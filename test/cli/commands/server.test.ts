/** `banspool server`, as root, in the home of an account that was there before and owns it. */
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ed25519 } from '../../access/ssh-key.ts';
import { isUserNamespace } from '../../support/namespaces.ts';
import { outputOf } from '../../support/run-program.ts';
import { Sandbox } from '../../support/sandbox.ts';
import { runTraced } from '../../support/traced.ts';

const test = suite('server');

/** Of accounts that are nobody's else, and have no other file on this machine. */
const THEIRS = '64901';
const CONTROLLERS = '64902';

/** A firewall's files, the accounts among them, and a folder of root's that nobody may write to. */
interface Host {
  readonly sandbox: Sandbox;
  readonly home: string;
  readonly keys: string;
  readonly roots: string;
}

/** In a mount namespace of the test's own: /etc and /var/lib are written to in a layer above the machine's. */
test.before(async () => {
  if (isUserNamespace()) return;
  chmodSync('/run', 0o755);
  for (const [index, folder] of ['/etc', '/var/lib'].entries()) {
    const layer = `/run/layer${index}`;
    await outputOf(['mkdir', '-p', `${layer}/upper`, `${layer}/work`]);
    const layers = `lowerdir=${folder},upperdir=${layer}/upper,workdir=${layer}/work`;
    await outputOf(['mount', '-t', 'overlay', 'overlay', '-o', layers, folder]);
  }
  await outputOf(['sh', '-c', "sed -i '/^fail2ban:/d;/^banspool:/d' /etc/passwd /etc/group"]);
  for (const file of ['passwd', 'group']) {
    const rest = file === 'passwd' ? ['::/run/home:/bin/sh', '::/var/lib/banspool:/bin/false'] : ['', ''];
    const line = (name: string, id: string, end = ''): string =>
      file === 'passwd' ? `${name}:x:${id}:${id}${end}\n` : `${name}:x:${id}:\n`;
    const text = line('fail2ban', THEIRS, rest[0]) + line('banspool', CONTROLLERS, rest[1]);
    writeFileSync(`/etc/${file}`, text, { flag: 'a' });
  }
});

/** The home is theirs, and in it what `prepare` makes. */
async function open(prepare: (host: Host) => void = () => undefined): Promise<Host> {
  const sandbox = await Sandbox.open();
  chmodSync(sandbox.folder, 0o755);
  const roots = join(sandbox.folder, 'roots');
  const home = '/run/home';
  const host = { sandbox, home, roots, keys: join(home, '.ssh/authorized_keys') };
  rmSync(home, { recursive: true, force: true });
  mkdirSync(join(home, '.ssh'), { recursive: true });
  mkdirSync(roots, { mode: 0o700 });
  writeFileSync(join(roots, 'secret'), 'of root\n', { mode: 0o600 });
  prepare(host);
  await outputOf(['sh', '-c', 'chown -hR "$1:$1" "$2"', 'sh', THEIRS, home]);
  const { type, base64 } = ed25519(1);
  writeFileSync(join(sandbox.folder, 'key.pub'), `${type} ${base64} web1\n`);
  return host;
}

const addWords = ({ sandbox }: Host): readonly string[] => [
  ...['server', 'add', 'web1', '--key', join(sandbox.folder, 'key.pub')],
];

const add = (host: Host): readonly string[] => host.sandbox.command(...addWords(host));

/** All that must be as it was: the owner, mode and content of what is root's. */
function rootsIn({ roots }: Host): string {
  return [roots, join(roots, 'secret')]
    .map((path) => {
      const { uid, gid, mode, size } = lstatSync(path);
      return `${path} ${uid}:${gid} ${mode} ${mode & 0o40000 ? '' : size}`;
    })
    .concat(readFileSync(join(roots, 'secret'), 'utf8'))
    .join('\n');
}

test('takes over the home of an account that owns it, and gives every key there a file that is root’s', async () => {
  if (isUserNamespace()) return;
  const host = await open(({ keys }) => {
    writeFileSync(keys, '# of before\n', { mode: 0o600 });
  });
  await using sandbox = host.sandbox;
  const before = lstatSync(host.keys).ino;

  const added = await runTraced(add(host));
  const listed = await runTraced(sandbox.command('server', 'list'));
  const removed = await runTraced(sandbox.command('server', 'remove', 'web1'));

  assert.is(added.code, 0, added.stderr);
  assert.match(listed.stdout, /web1/);
  assert.is(removed.code, 0, removed.stderr);
  assert.is(readFileSync(host.keys, 'utf8'), '# of before\n');
  assert.is.not(lstatSync(host.keys).ino, before, 'who had it open can still write to it');
  for (const path of [host.home, join(host.home, '.ssh'), host.keys]) {
    assert.equal([path, lstatSync(path).uid, lstatSync(path).mode & 0o022], [path, 0, 0]);
  }
  for (const { suspect, looked } of [added, listed, removed]) {
    assert.equal(suspect, []);
    assert.ok(looked > 0);
  }
});

/** What the account puts in the way: its path, by which it is refused. */
const BAITS: Readonly<Record<string, (host: Host) => string>> = {
  'a link in the place of .ssh': ({ home, roots }) => {
    rmSync(join(home, '.ssh'), { recursive: true });
    symlinkSync(roots, join(home, '.ssh'));
    return join(home, '.ssh');
  },
  'a link in the place of the file of keys': ({ keys, roots }) => {
    symlinkSync(join(roots, 'secret'), keys);
    return keys;
  },
  'a link that leads nowhere yet': ({ keys, roots }) => {
    symlinkSync(join(roots, 'new'), keys);
    return keys;
  },
  'a second name of a file of root’s': ({ keys, roots }) => {
    linkSync(join(roots, 'secret'), keys);
    return keys;
  },
  'a link in the place of the temporary file': ({ home, keys, roots }) => {
    const path = join(home, '.ssh/.authorized_keys.tmp');
    writeFileSync(keys, '# of before\n');
    symlinkSync(join(roots, 'secret'), path);
    return path;
  },
  'a folder in the place of the temporary file': ({ home }) => {
    const path = join(home, '.ssh/.authorized_keys.tmp');
    mkdirSync(path);
    return path;
  },
};

for (const [what, lay] of Object.entries(BAITS)) {
  test(`add refuses ${what}, by its path, and touches nothing of root’s`, async () => {
    if (isUserNamespace()) return;
    let path = '';
    const host = await open((opened) => {
      path = lay(opened);
    });
    await using sandbox = host.sandbox;
    await outputOf(['chown', '-R', '0:0', host.roots]);
    const before = rootsIn(host);

    const { code, stderr, suspect } = await runTraced(add(host));
    const listed = await sandbox.cli('server', 'list');
    const doctor = await sandbox.cli('doctor');

    assert.is(code, 1, stderr);
    assert.ok(stderr.includes(`banspool: error: ${path} `), stderr);
    assert.equal(suspect, []);
    assert.is(rootsIn(host), before);
    assert.not.ok(existsSync(join(host.roots, 'new')));
    for (const each of [listed, doctor]) assert.not.match(each.stdout + each.stderr, /of root/);
  });
}

for (const name of ['authorized_keys', '.authorized_keys.tmp']) {
  test(`add is not held up by a FIFO in the place of ${name}, and lets go of the lock`, async () => {
    if (isUserNamespace()) return;
    const host = await open();
    await using sandbox = host.sandbox;
    const path = join(host.home, '.ssh', name);
    await outputOf(['mkfifo', '-m', '666', path]);

    const first = await sandbox.cli(...addWords(host));
    rmSync(path);
    const second = await sandbox.cli(...addWords(host));

    assert.is(first.code, 1, first.stderr);
    assert.ok(first.stderr.includes(`banspool: error: ${path} `), first.stderr);
    assert.is(second.code, 0, second.stderr);
  });
}

test('add refuses a home that stands in a folder of the account, which could put another in its place', async () => {
  if (isUserNamespace()) return;
  const host = await open();
  await using sandbox = host.sandbox;
  renameSync(host.home, '/run/theirs-home');
  await outputOf(['sh', '-c', 'mkdir /run/theirs && mv /run/theirs-home /run/theirs/home']);
  await outputOf(['chown', '-R', `${THEIRS}:${THEIRS}`, '/run/theirs']);
  symlinkSync('/run/theirs/home', host.home);

  const { code, stderr, suspect } = await runTraced(add(host));

  assert.is(code, 1, stderr);
  assert.match(stderr, /banspool: error: \/run\/theirs is writable by users other than root/);
  assert.equal(suspect, []);
  assert.is(lstatSync('/run/theirs/home').uid, Number(THEIRS));
  await sandbox.cli('server', 'list');
});

test.run();
