import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig, type FleetConfig } from '../../src/config/config.ts';

const section = suite('fleet in the config');

const read = (keys: string): FleetConfig | string => {
  const config = readConfig(`fleet: { name: fw1, ${keys} }\n`);
  return config.kind === 'config'
    ? (config.config.fleet ?? 'none')
    : config.mistakes.map(({ message }) => message).join();
};

const told = (keys: string): string => JSON.stringify(read(keys));

section('names a server of Valkey, with TLS or without, and no password', () => {
  const right = [
    'redis://hub',
    'rediss://fw1@hub.example:6379',
    'redis://fw1@192.0.2.1',
    'rediss://x@[2001:db8::1]:1',
  ];
  const wrong = [
    'redis://fw1:secret@hub',
    'redis://hub/1',
    'redis://',
    'redis://-h',
    'http://hub',
    'redis://hub:',
  ];

  for (const remote of right)
    assert.is((read(`engine: valkey, remote: "${remote}"`) as FleetConfig).remote, remote);
  for (const remote of wrong)
    assert.match(told(`engine: valkey, remote: "${remote}"`), 'without a password', remote);
});

section('has the remote that its engine reaches', () => {
  const git = 'ssh://hub@hub.example/srv/fleet.git';
  const valkey = 'rediss://fw1@hub.example';

  for (const other of ['', `, remote: "${git}"`])
    assert.match(told(`engine: valkey${other}`), 'engine valkey needs a remote such as');
  for (const other of ['', `, remote: "${valkey}"`])
    assert.match(told(`engine: git${other}`), 'engine git needs a remote such as');
  assert.is((read(`engine: git, remote: "${git}"`) as FleetConfig).engine, 'git');
});

section('has its secrets with the mover, and certificates where they are named', () => {
  const [none, named] = [
    read('folder: /srv/fleet'),
    read('password: /etc/p, ca: /etc/ca.pem, certificate: /etc/own.pem'),
  ].map((fleet) => fleet as FleetConfig);

  assert.equal(
    [none?.password, none?.identity, none?.ca, none?.certificate],
    ['/srv/fleet/mover/password', '/srv/fleet/mover/ssh_key', undefined, undefined],
  );
  assert.equal([named?.password, named?.ca, named?.certificate], ['/etc/p', '/etc/ca.pem', '/etc/own.pem']);
});

section.run();
