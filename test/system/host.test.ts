import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ownAddresses, readGiven, servicesText, steady } from '../../src/system/host.ts';
import { outputOf } from '../support/run-program.ts';

const test = suite('the host');

const MODULE = join(import.meta.dirname, '../../src/system/host.js');

test('has the addresses of its interfaces, those of a link without its name', async () => {
  await outputOf(['ip', 'link', 'add', 'one', 'up', 'type', 'veth', 'peer', 'other']);
  await outputOf(['ip', 'link', 'set', 'other', 'up']);
  await outputOf(['ip', 'address', 'add', '192.0.2.7/24', 'dev', 'one']);
  await outputOf(['ip', 'address', 'add', 'fe80::7/64', 'dev', 'one', 'nodad']);

  const addresses = ownAddresses();

  for (const each of ['127.0.0.1', '::1', '192.0.2.7', 'fe80::7']) assert.ok(addresses.includes(each), each);
});

test('knows ports by name', () => {
  assert.match(servicesText(), /^ssh\s+22\/tcp/m);
});

test('runs since its boot', () => {
  const before = steady();
  const bootedFor = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000;
  // One counts in steps of 10 ms, and goes on while the machine is suspended.
  assert.ok(before <= bootedFor + 10 && before <= steady(), `${before} of ${bootedFor} ms`);
});

test('gives what a person named, and nothing for a file that is not there', async () => {
  assert.match((await readGiven('/proc/self/status')) ?? '', /^Name:/);
  assert.is(await readGiven('/no/such/file'), undefined);
  assert.match(String(await readGiven('/proc').catch((error: unknown) => error)), 'EISDIR');
});

test('reads all of standard input also where it is a socket', () => {
  const script = `
    const { standardInput } = await import(process.argv[1]);
    console.log(standardInput().length);`;
  // Node gives a program a socket to read its input from.
  const said = spawnSync(process.execPath, ['--input-type=module', '-e', script, MODULE], {
    input: 'x'.repeat(300_000),
    encoding: 'utf8',
  });

  assert.is(said.stdout, '300000\n', said.stderr);
});

test.run();
