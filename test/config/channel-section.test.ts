import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ChannelConfig } from '../../src/config/channel-section.ts';
import { readConfig } from '../../src/config/config.ts';

const section = suite('a channel in the config');

function read(keys: string): ChannelConfig | string {
  const config = readConfig(`notify:\n  channels:\n    ops: { ${keys} }\n`);
  if (config.kind === 'config') return config.config.notify?.channels[0] ?? 'none';
  return config.mistakes.map(({ line, message }) => `${line}: ${message}`).join('\n');
}

/** What is wrong with a channel of these keys. */
function told(keys: string): string {
  const got = read(keys);
  return typeof got === 'string' ? got : 'well';
}

section('knows the usual ports of mail servers, and users with an @', () => {
  const server = (text: string): unknown => {
    const password = text.includes('@') ? ', password: /etc/x' : '';
    const got = read(`by: smtp, to: a@b, server: "${text}"${password}`);
    return typeof got !== 'string' && got.way.by === 'smtp' ? Object.values(got.way.server) : got;
  };

  assert.equal(server('smtp://mail.example'), ['mail.example', 25, undefined, false]);
  assert.equal(server('smtp://fw1@mail.example'), ['mail.example', 587, 'fw1', false]);
  assert.equal(server('smtps://fw1@example.org@[2001:db8::1]'), [
    '2001:db8::1',
    465,
    'fw1@example.org',
    true,
  ]);
  assert.equal(server('smtp://mail.example:2525'), ['mail.example', 2525, undefined, false]);
  for (const wrong of [
    'mail.example',
    'smtp://fw1:secret@mail.example',
    'smtp://',
    'smtp://-x',
    'smtp://a/b',
  ])
    assert.match(
      told(`by: smtp, to: a@b, server: "${wrong}"`),
      'is not a mail server such as smtp://localhost:25',
      wrong,
    );
});

section('takes no address that could be an option, a header or two addresses', () => {
  for (const right of ['admin@example.org', 'a.b+c@x', 'root@localhost'])
    assert.is(told(`by: sendmail, to: '${right}'`), 'well', right);
  for (const wrong of ['root', '-oQ/tmp@x', 'a@b, c@d', 'a@b Bcc: c@d', '<a@b>', '"a b"@c', ''])
    assert.match(told(`by: sendmail, to: '${wrong}'`), 'a mail address', wrong);
  assert.is(told('by: sendmail, to: [a@b, c@d]'), 'well');
});

section('has for each way what it needs, and nothing of another', () => {
  assert.is(told('by: smtp'), '3: notify.channels.ops: by: smtp needs to');
  assert.is(told('by: slack'), '3: notify.channels.ops: by: slack needs url');
  assert.is(told('by: command'), '3: notify.channels.ops: by: command needs command');
  assert.match(
    told('by: slack, url: https://a.example/x, to: a@b'),
    'to is not a key of by: slack, which has url, ca',
  );
  assert.match(told('by: pager'), '"pager" is not smtp or sendmail or');
  assert.match(told('by: command, command: [notify-send]'), 'a command that begins with an absolute path');
  assert.match(told('by: webhook, url: ftp://x'), 'a URL that begins with https:// or http://');
  assert.is(told('by: webhook, url: /etc/banspool/notify.url, token: /etc/banspool/notify.token'), 'well');
  assert.match(told('by: smtp, to: a@b, password: /etc/x'), 'password needs a server with a user');
  assert.match(told('by: smtp, to: a@b, server: smtp://u@h'), 'a server with a user needs password');
});

section('has events, times and limits that somebody can mean', () => {
  const with_ = (keys: string): string => told(`by: sendmail, to: a@b, ${keys}`);

  assert.is(with_('events: [converged, digest], group: 0s, limit: 1'), 'well');
  assert.match(with_('events: [everything]'), '"everything" is not converged or condition or');
  assert.match(with_('events: []'), 'a list of converged');
  assert.match(with_('limit: 0'), '1 to 1000 messages an hour');
  assert.match(with_('group: 3M'), 'may be months or minutes');
});

section.run();
