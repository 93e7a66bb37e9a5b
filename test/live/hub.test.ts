/** A hub on git, with a real sshd: what the key of a firewall can do there, and whoever steals it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { layersWith } from '../lab/layers.ts';
import { Machine } from '../lab/machine.ts';
import type { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { requirePrivateNetwork } from '../support/namespaces.ts';
import { outputOf, type Ran } from '../support/run-program.ts';

const test = suite<{ hub: HubMachine }>('a hub');
const WITHIN_MS = 20_000;

const FOLDER = '/var/hub/fleet.git';
const NULL_ID = '0'.repeat(40);

/** The machine of the hub. The firewalls are folders of root's on it, each with a key and a repository. */
class HubMachine implements AsyncDisposable {
  readonly machine: Machine;
  readonly account: string;
  readonly folder: string;

  constructor(machine: Machine, account = 'banspool-hub', folder = FOLDER) {
    this.machine = machine;
    this.account = account;
    this.folder = folder;
  }

  /** With a hub that allows fw1 and fw2. */
  static async build(): Promise<HubMachine> {
    requirePrivateNetwork();
    await outputOf(['sh', '-ec', 'ip netns add hub; ip -n hub link set lo up']);
    const hub = new HubMachine(await Machine.start('hub', layersWith()));
    try {
      await hub.machine.sh('/usr/sbin/sshd');
      await hub.banspool('init', FOLDER);
      for (const name of ['fw1', 'fw2', 'fw3']) await hub.prepare(name);
      for (const name of ['fw1', 'fw2']) await hub.add(name);
      return hub;
    } catch (error) {
      await hub[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** A firewall's key, and a repository with one commit. */
  async prepare(name: string): Promise<void> {
    await this.machine.sh(`
      mkdir /tmp/${name}
      cd /tmp/${name}
      ssh-keygen -q -t ed25519 -N '' -f key
      git init -q repository
      cd repository
      git config user.name ${name}
      git config user.email ${name}@example.net
      git config push.negotiate false
      git commit -q --allow-empty -m first`);
  }

  async add(name: string, ...words: readonly string[]): Promise<Ran> {
    return this.banspool('add', name, '--key', `/tmp/${name}/key.pub`, '--dir', this.folder, ...words);
  }

  async banspool(...words: readonly string[]): Promise<Ran> {
    const ran = await this.machine.exec([
      process.execPath,
      '/opt/banspool/dist/banspool.js',
      'hub',
      ...words,
    ]);
    if (ran.code !== 0) throw new Error(ran.stderr);
    return ran;
  }

  /** An ssh of that firewall, with these words. */
  ssh(name: string, ...words: readonly string[]): readonly string[] {
    return ['ssh', ...OPTIONS, '-i', `/tmp/${name}/key`, `${this.account}@127.0.0.1`, ...words];
  }

  /** A git of that firewall, in its repository. */
  async git(name: string, ...words: readonly string[]): Promise<Ran> {
    const env = ['env', `GIT_SSH_COMMAND=ssh ${OPTIONS.join(' ')} -i /tmp/${name}/key`];
    return this.machine.exec([...env, 'git', '-C', `/tmp/${name}/repository`, ...words]);
  }

  async push(name: string, refspec: string, ...options: readonly string[]): Promise<Ran> {
    return this.git(name, 'push', '-q', ...options, `${this.account}@127.0.0.1:${this.folder}`, refspec);
  }

  /** The branches of the hub and where they stand, sorted. */
  async branches(): Promise<readonly string[]> {
    const show = `git -c safe.directory='*' --git-dir ${this.folder} for-each-ref --format='%(refname) %(objectname)'`;
    return (await this.machine.sh(show)).trim().split('\n').sort();
  }

  async head(name: string): Promise<string> {
    return (await this.machine.sh(`git -C /tmp/${name}/repository rev-parse HEAD`)).trim();
  }

  /** One more commit, with a file of as many random bytes. */
  async commit(name: string, bytes = 10): Promise<void> {
    await this.machine.sh(`
      cd /tmp/${name}/repository
      head -c ${bytes} /dev/urandom >file
      git add file
      git commit -q -m more`);
  }

  /** Listens to the bell, and hears at once. */
  async listen(name: string): Promise<Child> {
    const bell = this.machine.spawn(this.ssh(name, 'bell'));
    await eventually(() => this.machine.sh(`pgrep -f '^tail .* ${this.folder}/bell$'`));
    return bell;
  }

  /** Ends the ssh that listens, as a firewall that loses its power. */
  async hangUp(name: string, bell: Child): Promise<void> {
    await this.machine.sh(`pkill -KILL -f '^ssh .*/tmp/${name}/key .* bell$'`);
    await bell.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.machine[Symbol.asyncDispose]();
    await outputOf(['ip', 'netns', 'delete', 'hub']);
  }
}

const OPTIONS: readonly string[] = [
  ...['-F', 'none', '-o', 'BatchMode=yes', '-o', 'IdentitiesOnly=yes'],
  ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'],
];

test.before(async (context) => {
  context.hub = await HubMachine.build();
});
test.after(async ({ hub }) => {
  await hub[Symbol.asyncDispose]();
});

test('takes the own branch of a firewall, its new root too, and gives the branches of all to all', async ({
  hub,
}) => {
  const first = await hub.push('fw1', 'HEAD:refs/heads/fw/fw1/claims');
  await hub.commit('fw1');
  const next = await hub.push('fw1', 'HEAD:refs/heads/fw/fw1/claims');
  await hub.machine.sh('cd /tmp/fw1/repository; git checkout -q --orphan new; git commit -q -m "new root"');
  const root = await hub.push('fw1', 'HEAD:refs/heads/fw/fw1/claims', '--force');
  await hub.push('fw2', 'HEAD:refs/heads/fw/fw2/claims');
  const fetched = await hub.git(
    'fw2',
    ...['fetch', '-q', '--depth=1', '--filter=blob:limit=4m', `ssh://${hub.account}@127.0.0.1${FOLDER}`],
    '+refs/heads/fw/*:refs/remotes/fw/*',
  );

  for (const ran of [first, next, root, fetched]) assert.is(ran.code, 0, ran.stderr);
  assert.equal(await hub.branches(), [
    `refs/heads/fw/fw1/claims ${await hub.head('fw1')}`,
    `refs/heads/fw/fw2/claims ${await hub.head('fw2')}`,
  ]);
  const seen = await hub.machine.sh('git -C /tmp/fw2/repository rev-parse refs/remotes/fw/fw1/claims');
  assert.is(seen.trim(), await hub.head('fw1'));
});

test('shows who pushes its own branch alone', async ({ hub }) => {
  const url = `ssh://${hub.account}@127.0.0.1${FOLDER}`;

  const ran = await hub.git('fw1', 'ls-remote', '--upload-pack=git-receive-pack', url);

  assert.is(ran.stdout.trim().split('\t')[1], 'refs/heads/fw/fw1/claims', ran.stderr);
});

const SPELLINGS: Readonly<Record<string, string>> = {
  'with a slash at the end': `127.0.0.1:${FOLDER}/`,
  'without its ending': '127.0.0.1:/var/hub/fleet',
  'as a URL': `ssh://127.0.0.1${FOLDER}`,
  'from the home of the account': '127.0.0.1:../../hub/fleet.git',
  'from the home of the account, as a URL': 'ssh://127.0.0.1/~/../../hub/fleet.git',
};

for (const [how, address] of Object.entries(SPELLINGS))
  test(`is found by its path ${how}`, async ({ hub }) => {
    const url = address.startsWith('ssh://')
      ? address.replace('ssh://', `ssh://${hub.account}@`)
      : `${hub.account}@${address}`;

    const ran = await hub.git('fw1', 'ls-remote', url);

    assert.is(ran.code, 0, ran.stderr);
  });

/** What fw1 pushes, and what it is told. */
const PUSHES: Readonly<Record<string, readonly [refspec: string, told: RegExp]>> = {
  "another firewall's branch": ['+HEAD:refs/heads/fw/fw2/claims', /deny updating a hidden ref/],
  'a branch below its own name': ['HEAD:refs/heads/fw/fw1/more', /deny updating a hidden ref/],
  'a branch below its own branch': [
    'HEAD:refs/heads/fw/fw1/claims/more',
    /fw1 may only push fw\/fw1\/claims/,
  ],
  'a branch of another kind': ['HEAD:refs/heads/main', /deny updating a hidden ref/],
  'a tag': ['HEAD:refs/tags/v1', /deny updating a hidden ref/],
  'a deletion of its own branch': [':refs/heads/fw/fw1/claims', /deletion prohibited/],
  "a deletion of another's branch": [':refs/heads/fw/fw2/claims', /fw\/fw2\/claims/],
};

for (const [what, [refspec, told]] of Object.entries(PUSHES))
  test(`refuses ${what}`, async ({ hub }) => {
    const before = await hub.branches();

    const ran = await hub.push('fw1', refspec);

    assert.is.not(ran.code, 0);
    assert.match(ran.stderr, told);
    assert.equal(await hub.branches(), before);
  });

test('refuses a deletion also where git is set to allow it', async ({ hub }) => {
  const before = await hub.branches();

  const update = `${FOLDER}/hooks/update`;
  const ran = await hub.machine.exec([
    ...['env', 'BANSPOOL_PEER=fw1', 'sh', update, 'refs/heads/fw/fw1/claims', '1'.repeat(40), NULL_ID],
  ]);

  assert.is(ran.code, 1, ran.stderr);
  assert.equal(await hub.branches(), before);
});

const ANOTHER = '/tmp/fw3/repository';

/** What an ssh with the key asks for. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'a shell': [],
  'a command': ['id'],
  'a command behind git': [`git-upload-pack '${FOLDER}'; id`],
  'a command in the path': [`git-upload-pack '${FOLDER}'$(id)`],
  'a path in no quotes': [`git-upload-pack ${FOLDER}`],
  'another repository': [`git-upload-pack '${ANOTHER}'`],
  'an option in place of the path': ["git-receive-pack '--help'"],
  'another program of git': [`git-upload-archive '${FOLDER}'`],
  'more than the bell': ['bell /etc/passwd'],
  sftp: ['-s', 'sftp'],
};

for (const [what, words] of Object.entries(COMMANDS))
  test(`refuses ${what}, and tells syslog`, async ({ hub }) => {
    const logged = hub.machine.log().length;
    const [options, command] = words[0]?.startsWith('-') ? [words.slice(0, 1), words.slice(1)] : [[], words];

    const ran = await hub.machine.exec([
      ...['timeout', '30', 'ssh', ...OPTIONS, ...options, '-i', '/tmp/fw1/key', `${hub.account}@127.0.0.1`],
      ...command,
    ]);

    assert.is.not(ran.code, 0);
    assert.not.match(`${ran.stdout}${ran.stderr}`, /uid=|root:/);
    // Of a subsystem sshd passes on no standard error.
    if (what !== 'sftp') assert.match(ran.stderr, /^banspool-hub: refused: this key/);
    await eventually(() => {
      assert.match(hub.machine.log().slice(logged), /banspool-hub: fw1 \(127\.0\.0\.1 .*\): refused: /);
    }, WITHIN_MS);
  });

test('refuses a terminal, and to forward ports', async ({ hub }) => {
  const ways = {
    '-tt': /PTY allocation request failed/,
    '-o ExitOnForwardFailure=yes -N -R 2222:127.0.0.1:22': /remote port forwarding failed/,
    '-W 127.0.0.1:22': /stdio forwarding failed/,
  };

  for (const [options, told] of Object.entries(ways)) {
    const [ssh = '', ...rest] = hub.ssh('fw1');
    const ran = await hub.machine.exec(['timeout', '60', ssh, ...options.split(' '), ...rest]);

    assert.is(ran.code, 255, options);
    assert.match(ran.stderr, told);
    assert.is(ran.stdout, '');
  }
});

test('refuses a push that is larger than it takes', async ({ hub }) => {
  await hub.machine.sh(`git config -f ${FOLDER}/config receive.maxInputSize 64k`);
  const before = await hub.branches();
  await hub.commit('fw1', 100_000);

  const ran = await hub.push('fw1', 'HEAD:refs/heads/fw/fw1/claims', '--force');

  assert.match(ran.stderr, 'exceeds maximum allowed size');
  assert.is.not(ran.code, 0);
  assert.equal(await hub.branches(), before);
  await hub.machine.sh(`git config -f ${FOLDER}/config receive.maxInputSize 16m`);
  assert.is((await hub.push('fw1', 'HEAD:refs/heads/fw/fw1/claims', '--force')).code, 0);
});

/** What is set lower in the door, and how much a push then has. */
const LIMITS: Readonly<Record<string, string>> = {
  'the largest file': 's/^MAX_FILE_BLOCKS=.*/MAX_FILE_BLOCKS=64/',
  memory: 's/^MAX_MEMORY_KIB=.*/MAX_MEMORY_KIB=4096/',
};

for (const [what, edit] of Object.entries(LIMITS))
  test(`holds git to ${what} that the door allows`, async ({ hub }) => {
    const before = await hub.branches();
    await hub.commit('fw1', 1_000_000);
    await hub.machine.sh(`cp -p ${FOLDER}/door /tmp/door; sed -i '${edit}' ${FOLDER}/door`);

    const ran = await hub.push('fw1', 'HEAD:refs/heads/fw/fw1/claims');

    await hub.machine.sh(`cp -p /tmp/door ${FOLDER}/door`);
    assert.is.not(ran.code, 0);
    assert.equal(await hub.branches(), before);
    assert.is((await hub.push('fw1', 'HEAD:refs/heads/fw/fw1/claims')).code, 0);
  });

test('takes no push where it is larger than the door allows, until what no branch holds is gone', async ({
  hub,
}) => {
  await hub.commit('fw1', 3_000_000);
  await hub.push('fw1', 'HEAD:refs/heads/fw/fw1/claims', '--force');
  await hub.machine.sh(
    `git -C /tmp/fw1/repository checkout -q --orphan small; git -C /tmp/fw1/repository rm -q --cached -r .`,
  );
  await hub.commit('fw1', 10);
  await hub.push('fw1', 'HEAD:refs/heads/fw/fw1/claims', '--force');
  const before = await hub.branches();
  await hub.machine.sh(`
    find ${FOLDER}/objects -type f -exec touch -d '1 hour ago' {} +
    cp -p ${FOLDER}/door /tmp/door
    sed -i 's/^MAX_HUB_KIB=.*/MAX_HUB_KIB=2000/' ${FOLDER}/door`);
  await hub.commit('fw1', 10);

  const full = await hub.push('fw1', 'HEAD:refs/heads/fw/fw1/claims');
  const after = await hub.branches();

  assert.is.not(full.code, 0);
  assert.match(full.stderr, 'the repository is larger than 2000 KiB');
  assert.equal(after, before);
  await eventually(async () => {
    const ran = await hub.push('fw1', 'HEAD:refs/heads/fw/fw1/claims');
    assert.is(ran.code, 0, ran.stderr);
  });
  await hub.machine.sh(`cp -p /tmp/door ${FOLDER}/door`);
});

test('ends a fetch that takes too long', async ({ hub }) => {
  await hub.machine.sh(
    `cp -p ${FOLDER}/door /tmp/door; sed -i 's/^MAX_SECONDS=.*/MAX_SECONDS=1/' ${FOLDER}/door`,
  );

  // The other end says nothing, and never ends.
  const ssh = hub.ssh('fw1').join(' ');
  const silent = hub.machine.spawn([
    'sh',
    '-c',
    `sleep 600 2>/dev/null | { ${ssh} "git-upload-pack '${FOLDER}'"; echo " $?"; }`,
  ]);

  await eventually(() => {
    assert.match(silent.stdout, / 124\n$/);
  });
  await hub.machine.sh(`cp -p /tmp/door ${FOLDER}/door`);
  await hub.machine.sh("pkill -f '^sleep 600'");
  await silent.ended;
});

test('rings its bell for each push, also when the bell was cut short, and for no push that is refused', async ({
  hub,
}) => {
  const bell = await hub.listen('fw2');
  await hub.commit('fw1');
  await hub.push('fw1', 'HEAD:refs/heads/fw/fw2/claims');
  await hub.push('fw1', 'HEAD:refs/heads/fw/fw1/claims');
  await eventually(() => {
    assert.is(bell.stdout, 'fw1\n');
  });

  await hub.machine.sh(`yes fw9 | head -c 66000 >>${FOLDER}/bell`);
  await hub.commit('fw1');
  await hub.push('fw1', 'HEAD:refs/heads/fw/fw1/claims');

  await eventually(() => {
    assert.match(bell.stdout, /fw1\n$/);
  });
  assert.is(hub.machine.read(`${FOLDER}/bell`), 'fw1\n');
  await hub.hangUp('fw2', bell);
});

test('hears of a firewall that goes, and keeps no bell for it', async ({ hub }) => {
  const bell = await hub.listen('fw2');

  await hub.hangUp('fw2', bell);

  await eventually(async () => {
    assert.is(await hub.machine.sh(`pgrep -f '^tail .* ${FOLDER}/bell$' || :`), '');
  });
});

test('takes pushes of two at once, many times, while it packs', async ({ hub }) => {
  const config = `git config -f ${FOLDER}/config`;
  await hub.machine.sh(`${config} receive.unpackLimit 1; ${config} gc.autoPackLimit 2`);
  const both = ['fw1', 'fw2'];
  const rounds = 5;

  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(both.map((name) => hub.commit(name)));
    const ran = await Promise.all(both.map((name) => hub.push(name, `+HEAD:refs/heads/fw/${name}/claims`)));
    for (const { code, stderr } of ran) assert.is(code, 0, stderr);
  }

  await hub.machine.sh(`${config} receive.unpackLimit 100; ${config} gc.autoPackLimit 20`);
  assert.equal(
    await hub.branches(),
    await Promise.all(both.map(async (name) => `refs/heads/fw/${name}/claims ${await hub.head(name)}`)),
  );
  await eventually(async () => {
    assert.is(await hub.machine.sh(`ls -d ${FOLDER}/gc.pid ${FOLDER}/gc.log 2>/dev/null || :`), '');
  }, WITHIN_MS);
  const packs = (await hub.machine.sh(`ls ${FOLDER}/objects/pack`)).match(/\.pack$/gm);
  assert.ok((packs?.length ?? 0) < both.length * rounds, `${packs?.length ?? 0} packs`);
  await hub.machine.sh(`git -c safe.directory='*' --git-dir ${FOLDER} fsck --strict --connectivity-only`);
});

test('closes its door to a firewall that is removed, over a connection that stands too', async ({ hub }) => {
  const master = ['-o', 'ControlPath=/tmp/fw3/master'];
  await hub.add('fw3');
  const standing = hub.machine.spawn([
    ...['ssh', ...OPTIONS, ...master, '-M', '-N', '-i', '/tmp/fw3/key', `${hub.account}@127.0.0.1`],
  ]);
  await eventually(() => hub.machine.sh('[ -S /tmp/fw3/master ]'));
  const over = (...words: readonly string[]): readonly string[] => [
    ...['ssh', ...OPTIONS, ...master, ...(words[0] === '-O' ? words : []), `${hub.account}@127.0.0.1`],
    ...(words[0] === '-O' ? [] : words),
  ];
  const bell = hub.machine.spawn(over('bell'));
  await eventually(() => hub.machine.sh(`pgrep -f '^tail .* ${FOLDER}/bell$'`));
  const before = await hub.push('fw3', 'HEAD:refs/heads/fw/fw3/claims');

  const removed = await hub.banspool('remove', 'fw3', '--dir', FOLDER);

  await bell.ended;
  const again = await hub.machine.exec(over('bell'));
  const pushed = await hub.push('fw3', 'HEAD:refs/heads/fw/fw3/claims');
  await hub.machine.exec(over('-O', 'exit'));
  await standing.ended;
  assert.is(before.code, 0, before.stderr);
  assert.match(removed.stderr, 'open fetches, pushes and bells ended');
  assert.equal([again.code, again.stderr], [1, 'banspool-hub: refused: this key was removed or replaced\n']);
  assert.match(pushed.stderr, 'Permission denied (');
  assert.is((await hub.push('fw1', 'HEAD:refs/heads/fw/fw1/claims')).code, 0);
});

test('takes the new key of a firewall in place of the old one', async ({ hub }) => {
  await hub.add('fw3');
  await hub.machine.sh('cd /tmp/fw3; mv key old; mv key.pub old.pub; ssh-keygen -q -t ed25519 -N "" -f key');

  await hub.add('fw3', '--from', '127.0.0.0/8');

  const [old, fresh] = await Promise.all(
    ['old', 'key'].map((key) =>
      hub.machine.exec(['ssh', ...OPTIONS, '-i', `/tmp/fw3/${key}`, `${hub.account}@127.0.0.1`, 'id']),
    ),
  );
  assert.match(old?.stderr ?? '', 'Permission denied (');
  assert.match(fresh?.stderr ?? '', 'refused: this key can only fetch');
  const { stdout } = await hub.banspool('list', '--dir', FOLDER);
  assert.match(stdout, /^fw3 +127\.0\.0\.0\/8 +SHA256:/m);
});

test('gives the account nothing that it could change to get in again', async ({ hub }) => {
  const writable = await hub.machine.sh(
    `setpriv --reuid ${hub.account} --regid ${hub.account} --clear-groups sh -c '
      for path in ${FOLDER} ${FOLDER}/config ${FOLDER}/HEAD ${FOLDER}/door ${FOLDER}/hooks ${FOLDER}/hooks/*; do
        mv $path $path.away && echo $path moved
        : >>$path && echo $path written
      done
      for path in ~${hub.account} ~${hub.account}/.ssh ~${hub.account}/.ssh/authorized_keys ${FOLDER}/hooks; do
        [ ! -w $path ] || echo $path writable
      done' 2>/dev/null || :`,
  );

  assert.is(writable, '');
});

test('can be made by a user who is not root, of that user’s own account', async ({ hub }) => {
  await hub.machine.sh('useradd -m -s /bin/sh anna');
  const own = new HubMachine(hub.machine, 'anna', '/home/anna/fleet.git');
  const banspool = `${process.execPath} /opt/banspool/dist/banspool.js hub`;
  const asAnna = [
    'setpriv',
    '--reuid',
    'anna',
    '--regid',
    'anna',
    '--clear-groups',
    'env',
    'HOME=/home/anna',
  ];
  const key = await hub.machine.sh('cat /tmp/fw1/key.pub');

  const made = await hub.machine.exec([...asAnna, 'sh', '-ec', `${banspool} init ${own.folder}`]);
  const added = await hub.machine.exec(
    [...asAnna, 'sh', '-ec', `${banspool} add fw1 --key - --dir ${own.folder}`],
    { input: key },
  );
  const pushed = await own.push('fw1', 'HEAD:refs/heads/fw/fw1/claims');
  const removed = await hub.machine.exec([
    ...asAnna,
    'sh',
    '-ec',
    `${banspool} remove fw1 --dir ${own.folder}`,
  ]);
  const late = await own.push('fw1', 'HEAD:refs/heads/fw/fw1/claims');

  for (const ran of [made, added, pushed, removed]) assert.is(ran.code, 0, ran.stderr);
  assert.match(late.stderr, 'Permission denied');
});

test.run();
