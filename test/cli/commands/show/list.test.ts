import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../../../../src/cli/main.ts';
import { banText } from '../../../support/intent-text.ts';
import { makePass, worldOf } from '../../../support/pass.ts';
import { Sandbox } from '../../../support/sandbox.ts';
import { HeardIo } from '../../heard-io.ts';

const test = suite('list');

test('says where nothing is banned, and what the policy lets through only in JSON, with why', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('allow:\n  - { net: 192.0.2.0/24 }\n');
  sandbox.drop('web1', banText('192.0.2.9'));
  await makePass(worldOf(sandbox));

  const [text, asJson] = [await sandbox.cli('list'), await sandbox.cli('list', '--json')];

  assert.equal(text, {
    code: 0,
    stdout: '',
    stderr: 'banspool: nothing is banned; 1 claim not enforced: banspool list -o json\n',
  });
  assert.equal(JSON.parse(asJson.stdout), {
    version: 1,
    bans: [],
    mode: 'enforce',
    total: 0,
    ignored: [
      {
        ip: '192.0.2.9',
        jail: 'sshd',
        server: 'web1',
        why: {
          code: 'allowed',
          net: '192.0.2.0/24',
          by: { code: 'policy', line: 2, note: null },
          text: 'inside 192.0.2.0/24, which is allowed: policy.yaml line 2',
        },
      },
    ],
    lists: [],
  });
});

test('fits a terminal, with totals at its end; what takes a file or a program is whole, and has none', async () => {
  await using sandbox = await Sandbox.open();
  const ports = Array.from({ length: 15 }, (_, index) => 1_001 + 2 * index).join(',');
  sandbox.drop('web1', banText('198.51.100.7', { ports: `"${ports}"`, bantime: -1 }));
  sandbox.drop('web2', banText('198.51.100.8', { bantime: -1 }));
  await makePass(worldOf(sandbox));
  const terminal = new HeardIo({ width: 88 });

  await main(['list', '--limit', '1', '--utc', '--config', sandbox.configPath], terminal);
  const { stdout } = await sandbox.cli('list');

  // With dates all columns have the same width, however busy the machine is.
  const lines = terminal.stdout
    .split('\n')
    .map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, 'YYYY-MM-DD HH:MM'));
  assert.equal(lines, [
    'ADDRESS       JAIL  PORTS         SERVERS  SINCE                 UNTIL           PACKETS',
    '198.51.100.7  sshd  1001,1003,…   web1     YYYY-MM-DD HH:MM UTC  until unbanned        0',
    '2 bans of 2 addresses: 2 ipv4; by web1 1, web2 1; 1 more left out by --limit',
    '',
  ]);
  assert.match(stdout, `198.51.100.7  sshd  ${ports}/tcp  web1  `);
  assert.is(stdout.trimEnd().split('\n').length, 3);
});

test('is narrowed by address, jail, server and family, and says so where nothing is left', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  sandbox.drop('web2', banText('198.51.100.8', { jail: 'nginx' }));
  await makePass(worldOf(sandbox));
  const shown = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await sandbox.cli('list', '-o', 'plain', ...words);
    return code === 0 ? stdout.replaceAll(/\t.*/g, '').trim() : stderr;
  };

  assert.is(await shown('198.51.100.0/24'), '198.51.100.7\n198.51.100.8');
  assert.is(await shown('--jail', 'nginx'), '198.51.100.8');
  assert.is(await shown('--server', 'web1', '--family', 'ipv4'), '198.51.100.7');
  assert.equal(await sandbox.cli('list', '203.0.113.9'), {
    ...{ code: 0, stdout: '', stderr: 'banspool: no ban matches; 2 bans in all\n' },
  });
  assert.is(
    await shown('--jail', 'ngnix'),
    'banspool: error: there is no jail "ngnix"\nbanspool: hint: the jails are nginx, manual, sshd\n',
  );
  assert.match(
    await shown('--server', 'web3'),
    'there is no server "web3"\nbanspool: hint: the servers are web1, web2',
  );
});

test('is told all the same where the firewall cannot be asked, with no packets and why', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
  sandbox.configure({ iptables: 'legacy' });
  process.env['XTABLES_LOCKFILE'] = join(sandbox.folder, 'nowhere/lock');

  const { code, stdout, stderr } = await sandbox.cli('list', '-o', 'plain').finally(() => {
    Reflect.deleteProperty(process.env, 'XTABLES_LOCKFILE');
  });

  assert.is(code, 0);
  assert.match(stdout, /^198\.51\.100\.7\tsshd\t.*\t-\t-\t198\.51\.100\.7\n$/);
  assert.match(stderr, /^banspool: warning: packets are not known: /);
});

test('has dates in the zone of whoever asks, or in UTC; programs are told UTC', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7', { bantime: -1 }));
  await makePass(worldOf(sandbox));
  const told = async (...words: string[]): Promise<string> => {
    const io = new HeardIo({ zone: () => ({ offset: 345, name: '+0545' }) });
    await main([...words, '--config', sandbox.configPath], io);
    return io.stdout;
  };

  const local = [await told('list', '-o', 'wide'), await told('why', '198.51.100.7')];
  const utc = [await told('list', '-o', 'wide', '--utc'), await told('why', '198.51.100.7', '--utc')];
  const forPrograms = [await told('list', '-o', 'plain'), await told('why', '198.51.100.7', '--json')];

  for (const text of local) assert.match(text, /\d\d:\d\d(:\d\d)? \+0545/);
  for (const text of utc) assert.match(text, /\d\d:\d\d(:\d\d)? UTC/);
  for (const text of [...utc, ...forPrograms]) assert.not.match(text, '+0545');
});

test.run();
