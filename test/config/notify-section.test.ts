import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../src/config/config.ts';
import { silentAfter, type NotifyConfig } from '../../src/config/notify-section.ts';

const section = suite('notify in the config');

function read(text: string): NotifyConfig | string {
  const config = readConfig(text);
  return config.kind === 'config'
    ? (config.config.notify ?? 'none')
    : config.mistakes.map(({ line, message }) => `${line}: ${message}`).join('\n');
}

const told = (text: string): string => JSON.stringify(read(text));

section('in five lines is a mail to one person, of all but bans, by the server of this machine', () => {
  const got = read('notify:\n  channels:\n    mail:\n      by: smtp\n      to: admin@example.org\n');

  assert.equal(got, {
    ...{
      name: undefined,
      digest: 420,
      after: 120_000,
      silent: 3_600_000,
      folder: '/var/lib/banspool-notify',
    },
    channels: [
      {
        name: 'mail',
        events: ['converged', 'condition', 'silent', 'drift', 'refused', 'policy', 'digest'],
        group: 60_000,
        limit: 10,
        way: {
          ...{ by: 'smtp', to: ['admin@example.org'], from: undefined, password: undefined, ca: undefined },
          server: { host: 'localhost', port: 25, user: undefined, secure: false },
        },
      },
    ],
  });
});

section('has a time of the day, lengths of time and a name that somebody can mean', () => {
  const above = (keys: string): NotifyConfig | string =>
    read(`notify: { ${keys}, channels: { ops: { by: sendmail, to: a@b } } }\n`);
  assert.is((above('digest: "18:30", silent: never') as NotifyConfig).digest, 18 * 60 + 30);
  assert.is((above('silent: never') as NotifyConfig).silent, Infinity);
  for (const digest of ['25:00', '7', '07:60'])
    assert.match(JSON.stringify(above(`digest: "${digest}"`)), 'a time of the day');
  assert.match(JSON.stringify(above('name: "a\\nb"')), 'a name of at most 63 characters');
});

section('has at least one channel, by a name that goes into a log', () => {
  assert.match(told('notify: {}\n'), 'missing');
  assert.match(told('notify: { channels: {} }\n'), 'expected at least one channel');
  assert.match(told('notify: { channels: { "a b": { by: sendmail, to: a@b } } }\n'), 'the name of a channel');
  assert.match(told('notify: { mail: x }\n'), 'unknown key; the keys are channels, name');
});

section('says how long a server may be silent, also where it is left out', () => {
  const channels = 'channels: { mail: { by: smtp, to: admin@example.org } }';
  const after = (text: string): number | undefined => {
    const read = readConfig(text);
    return read.kind === 'config' ? silentAfter(read.config) : undefined;
  };

  assert.is(after('{}'), after(`notify:\n  ${channels}\n`));
  assert.is(after(`notify:\n  silent: 2h\n  ${channels}\n`), 7_200_000);
});

section.run();
