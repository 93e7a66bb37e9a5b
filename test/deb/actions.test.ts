/** What the package of the servers does with the actions of fail2ban, in a folder that stands in for the root. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProgram } from '../support/run-program.ts';

const test = suite('the actions of fail2ban');

const SCRIPT = join(import.meta.dirname, '../../../.ci/stage/actions.sh');
const ACTION = 'etc/fail2ban/action.d/iptables-remote.conf';
const OURS = '# banspool\nactionban = banspool-send queue ban\n';
const NEWER = '# banspool, newer\nactionban = banspool-send queue ban\n';
const ARTICLES = '[Definition]\nactionban = /usr/local/bin/banip.sh\n';

class Root implements Disposable {
  readonly folder = fs.mkdtempSync(join(tmpdir(), 'banspool-actions-'));

  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [path, text] of Object.entries({ ...files })) this.write(path, text);
  }

  write(path: string, text: string): void {
    fs.mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    fs.writeFileSync(join(this.folder, path), text);
  }

  read(path: string): string | undefined {
    const full = join(this.folder, path);
    return fs.existsSync(full) ? fs.readFileSync(full, 'utf8') : undefined;
  }

  /** What a package with this action says when it is put in place. */
  async install(action = OURS): Promise<string> {
    this.write('usr/share/banspool-send/action.d/iptables-remote.conf', action);
    return this.#call('place_actions');
  }

  /** What is said when it goes; dpkg has removed its own files by then. */
  async remove(how: 'remove' | 'purge' = 'remove'): Promise<string> {
    fs.rmSync(join(this.folder, 'usr/share/banspool-send'), { recursive: true, force: true });
    const said = await this.#call(`leave_actions ${how}`);
    if (how === 'purge')
      fs.rmSync(join(this.folder, 'var/lib/banspool-send'), { recursive: true, force: true });
    return said;
  }

  async #call(words: string): Promise<string> {
    const ran = await runProgram(['sh', '-euc', `. "$1"; ${words}`, 'sh', SCRIPT], {
      env: { ...process.env, ROOT: this.folder },
    });
    assert.is(ran.code, 0, ran.stderr);
    return ran.stderr.replaceAll(`${this.folder}/`, '/');
  }

  [Symbol.dispose](): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

test('are put in place without a word, and an upgrade brings the newer ones', async () => {
  using root = new Root();

  const said = [await root.install(), await root.install(NEWER)];

  assert.equal(said, ['', '']);
  assert.is(root.read(ACTION), NEWER);
});

test('of the article’s scripts are kept beside ours, each of them, and told', async () => {
  using root = new Root({ [ACTION]: ARTICLES, [`${ACTION}.before-banspool`]: 'of an earlier move\n' });

  const said = await root.install();

  assert.is(
    said,
    `banspool-send: /${ACTION} belongs to another program and is kept as iptables-remote.conf.before-banspool\n`,
  );
  assert.is(root.read(ACTION), OURS);
  assert.is(root.read(`${ACTION}.before-banspool`), ARTICLES);
  assert.is(root.read(`${ACTION}.before-banspool.~1~`), 'of an earlier move\n');
});

test('that a person changed stay as they are over upgrades and a remove', async () => {
  using root = new Root();
  await root.install();
  const changed = `${OURS}# and a line of mine\n`;
  root.write(ACTION, changed);

  const said = [await root.install(NEWER), await root.remove()];

  assert.match(
    said[0] ?? '',
    /was edited and is kept; the new version is iptables-remote\.conf\.banspool-new$/m,
  );
  assert.is(root.read(`${ACTION}.banspool-new`), NEWER);
  assert.is(root.read(ACTION), changed);
});

test('go with the package where no jail names them', async () => {
  using root = new Root({
    'etc/fail2ban/jail.local': '[sshd]\nenabled = true\n# banaction = iptables-remote\n',
  });
  await root.install();

  const said = await root.remove();

  assert.is(said, '');
  assert.is(root.read(ACTION), undefined);
});

const NAMING = {
  'banaction in jail.local': ['etc/fail2ban/jail.local', '[DEFAULT]\nbanaction = iptables-remote\n'],
  'an action with options': ['etc/fail2ban/jail.d/a.conf', '[x]\naction = iptables-remote[name=x]\n'],
  'a second action in a line of its own': [
    'etc/fail2ban/jail.d/b.local',
    '[x]\naction = mail\n  iptables-remote\n',
  ],
} as const;

for (const [how, [path, text]] of Object.entries(NAMING)) {
  test(`stay behind without effect where ${how} names them, over a purge and until the package is back`, async () => {
    using root = new Root({ [path]: text });
    await root.install();

    const said = await root.remove();
    const left = root.read(ACTION) ?? '';
    await root.remove('purge');
    const leftByPurge = root.read(ACTION);
    const saidAgain = await root.install();

    assert.match(
      said,
      `the action iptables-remote now does nothing; remove it from /${path} and restart fail2ban`,
    );
    assert.match(left, /^actionban =$/m);
    assert.is(leftByPurge, left);
    assert.is(saidAgain, '');
    assert.is(root.read(ACTION), OURS);
  });
}

test('end at a purge, when the jail that named them was changed after the remove', async () => {
  using root = new Root({ 'etc/fail2ban/jail.local': 'banaction = iptables-remote\n' });
  await root.install();
  await root.remove();
  root.write('etc/fail2ban/jail.local', 'banaction = nftables\n');

  await root.remove('purge');

  assert.is(root.read(ACTION), undefined);
});

test('have a fellow in the backend of sshguard, which would not start without it', async () => {
  const path = 'usr/libexec/sshguard/sshg-fw-banspool';
  using root = new Root({ 'etc/sshguard/sshguard.conf': `BACKEND="/${path}"\n` });
  await root.install();

  const said = await root.remove();

  assert.match(said, `the backend /${path} now does nothing; set another in /etc/sshguard/sshguard.conf`);
  const ran = await runProgram([join(root.folder, path)], { input: 'block 192.0.2.1 4 32\n' });
  assert.equal(ran, { code: 0, stdout: '', stderr: '' });
});

test.run();
