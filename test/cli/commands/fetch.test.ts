import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Child } from '../../support/child.ts';
import { eventually } from '../../support/eventually.ts';
import { isUserNamespace } from '../../support/namespaces.ts';
import { runProgram } from '../../support/run-program.ts';
import { Sandbox } from '../../support/sandbox.ts';
import { WebServer } from '../../support/web-server.ts';

const test = suite('fetch');

/** The account without rights, which every Linux has. */
const NOBODY = 65534;

const LIST = '203.0.113.0/24\n';

/** As the controller would. */
function order(sandbox: Sandbox, urls: Readonly<Record<string, string>>): void {
  const lists = Object.entries(urls).map(([name, url]) => ({ name, url, every: 43_200, max: 1000 }));
  writeFileSync(join(sandbox.folder, 'fetch.json'), JSON.stringify({ version: 1, lists }));
}

test('fetches what the controller wants, and tells by its exit code whether all went well', async () => {
  await using sandbox = await Sandbox.open();
  using server = await WebServer.open((response, { url }) =>
    response.writeHead(url === '/b' ? 404 : 200).end(LIST),
  );
  order(sandbox, { a: server.url('/a'), b: server.url('/b') });

  const first = await sandbox.cli('fetch');
  const second = await sandbox.cli('fetch');
  const one = await sandbox.cli('fetch', '--list', 'a', '--now');

  assert.equal([first.code, second.code, one.code], [1, 0, 0]);
  assert.is(readFileSync(join(sandbox.folder, 'lists/fetched/a'), 'utf8'), LIST);
  assert.match(first.stderr, /^banspool: a: 15 bytes from http:\/\/127\.0\.0\.1:\d+\/a\n/);
  assert.match(
    first.stderr,
    /^banspool: warning: b: 127\.0\.0\.1:\d+: the server answered 404 .*; next try in \d/m,
  );
  assert.equal([first.stdout, second.stderr], ['', '']);
  assert.match(one.stderr, /^banspool: a: no change at /);
});

test('prints what is due, and asks nobody', async () => {
  await using sandbox = await Sandbox.open();
  using server = await WebServer.open((response) => response.end(LIST));
  order(sandbox, { a: server.url('/a?key=secret') });

  const { code, stdout } = await sandbox.cli('fetch', '--dry-run');

  assert.is(code, 0);
  assert.match(stdout, /^a: due now\n {2}from http:\/\/127\.0\.0\.1:\d+\/a\?…\n/);
  assert.equal(server.asked, []);
  assert.not(existsSync(join(sandbox.folder, 'lists')));
});

test('has nothing to do where no list comes from the network', async () => {
  await using sandbox = await Sandbox.open();

  const none = await sandbox.cli('fetch');
  const named = await sandbox.cli('fetch', '--list', 'a');

  assert.is(none.code, 0);
  assert.match(
    none.stderr,
    /nothing to fetch: the controller writes .*fetch\.json when a list in policy\.yaml has a url/,
  );
  assert.is(named.code, 2);
  assert.match(
    named.stderr,
    /error: no list "a" is to be fetched\nbanspool: hint: docs\/lists\.md describes/,
  );
});

test('names the lists that there are, and tells of orders that it cannot read', async () => {
  await using sandbox = await Sandbox.open();
  order(sandbox, { a: 'https://a.invalid/', b: 'https://b.invalid/' });

  const other = await sandbox.cli('fetch', '--list', 'c');
  writeFileSync(join(sandbox.folder, 'fetch.json'), '{');
  const damaged = await sandbox.cli('fetch');

  assert.equal([other.code, damaged.code], [2, 1]);
  assert.match(
    other.stderr,
    /no list "c" is to be fetched\nbanspool: hint: lists from the network are a, b\n/,
  );
  assert.match(
    damaged.stderr,
    /fetch\.json is damaged, or of another version of banspool\nbanspool: hint: restart/,
  );
});

test('is run by root as the account of the fetcher alone, whoever else may have put a link in the way', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await Sandbox.open();
  using server = await WebServer.open((response) => response.end(LIST));
  order(sandbox, { a: server.url() });
  mkdirSync(sandbox.state);
  chownSync(sandbox.state, NOBODY, NOBODY);
  chmodSync(sandbox.folder, 0o755);
  mkdirSync(join(sandbox.folder, 'roots'));
  mkdirSync(join(sandbox.folder, 'lists'));
  symlinkSync('../roots', join(sandbox.folder, 'lists/fetched'));
  // An account of a file of its own, which the tool of the system is given instead.
  const tools = join(sandbox.folder, 'tools');
  mkdirSync(tools);
  const getent = (line: string): void => {
    writeFileSync(join(tools, 'getent'), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
  };
  const env = { ...process.env, PATH: `${tools}:${process.env['PATH'] ?? ''}` };

  getent('exit 2');
  const none = await runProgram(sandbox.command('fetch'), { env });
  getent(`echo "$2:x:${NOBODY}:${NOBODY}::/:/bin/false"`);
  const linked = await runProgram(sandbox.command('fetch'), { env });

  assert.equal([none.code, linked.code], [1, 1]);
  assert.match(
    none.stderr,
    /there is no account banspool-fetch, as which root fetches lists\nbanspool: hint: useradd/,
  );
  assert.match(linked.stderr, /this user cannot write to .*lists\/fetched\nbanspool: hint: run it as root/);
  assert.equal([server.asked, readdirSync(join(sandbox.folder, 'roots'))], [[], []]);
});

test('ends at once when it is told to, and leaves what there was', async () => {
  await using sandbox = await Sandbox.open();
  using server = await WebServer.open((response) => response.writeHead(200).write(LIST));
  order(sandbox, { a: server.url() });

  await using child = new Child(sandbox.command('fetch'));
  await eventually(() => {
    assert.is(server.asked.length, 1);
  });
  const code = await child.stop();

  assert.is(code, 0);
  assert.equal(readdirSync(join(sandbox.folder, 'lists/fetched')), []);
});

test.run();
