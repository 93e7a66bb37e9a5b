/** Accounts, by the tools of the system, in a layer above the machine's /etc. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeAccounts } from '../../src/system/accounts.ts';
import { run } from '../../src/system/processes/run.ts';
import { isUserNamespace } from '../support/namespaces.ts';
import { outputOf } from '../support/run-program.ts';

const test = suite('an account');

const NEW = { name: 'banspool-test', home: '/run/no-home', shell: '/usr/sbin/nologin' };
const accounts = makeAccounts(run);

test.before(async () => {
  // In a mount namespace of the test's own; useradd gives files to other users, whom a user namespace has not.
  if (isUserNamespace()) return;
  await outputOf(['mkdir', '-p', '/run/layer/upper', '/run/layer/work']);
  const layers = 'lowerdir=/etc,upperdir=/run/layer/upper,workdir=/run/layer/work';
  await outputOf(['mount', '-t', 'overlay', 'overlay', '-o', layers, '/etc']);
  // Machines differ in it.
  writeFileSync('/etc/login.defs', 'USERGROUPS_ENAB no\n');
});

test('is made with a group of its own and no password, without its home, and removed', async () => {
  if (isUserNamespace()) return;

  const made = await accounts.add(NEW);
  const shadow = readFileSync('/etc/shadow', 'utf8');
  const group = await outputOf(['getent', 'group', NEW.name]);
  await accounts.remove(NEW.name);

  assert.equal({ ...made, uid: 0, gid: 0 }, { ...NEW, uid: 0, gid: 0 });
  assert.ok(made.uid > 0 && made.uid < 1_000, 'it is of the system');
  assert.is(group, `${NEW.name}:x:${made.gid}:\n`);
  assert.match(shadow, new RegExp(`^${NEW.name}:!`, 'm'));
  assert.not.ok(existsSync(NEW.home));
  assert.is(await accounts.find(NEW.name), undefined);
});

test('that cannot be made is an error, in the words of the tool', async () => {
  const failure = await accounts.add({ ...NEW, name: 'root' }).catch((error: unknown) => error);

  assert.match(String(failure), /useradd: .*root/);
});

test.run();
