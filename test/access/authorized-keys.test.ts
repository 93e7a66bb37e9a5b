import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  dropServerKeys,
  foreignKeyLines,
  formatScpKey,
  formatServerKey,
  parseScpKey,
  parseServerKeys,
  putServerKey,
  type ForcedCommand,
  type ServerKey,
} from '../../src/access/authorized-keys.ts';
import { ed25519, keyOf } from './ssh-key.ts';

const lines = suite('authorized_keys');

const commandFor = (server: string): ForcedCommand => ({
  receive: '/usr/lib/banspool/banspool-receive',
  rrsync: '/usr/bin/rrsync',
  folder: `/var/spool/banspool/${server}`,
});

const lineOf = (key: ServerKey): string => formatServerKey(key, commandFor(key.server));

const serverName = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/);

const serverKey: fc.Arbitrary<ServerKey> = fc.record(
  {
    server: serverName,
    key: fc
      .integer({ min: 0, max: 255 })
      .map((seed) => (seed % 2 === 0 ? ed25519(seed) : keyOf('ssh-rsa', Buffer.alloc(64, seed)))),
    from: fc.stringMatching(/^[a-z0-9.:*?/!_-]{1,20}(,[a-z0-9.:*?/!_-]{1,20})?$/),
  },
  { requiredKeys: ['server', 'key'], noNullPrototype: true },
);

/** What else stands in such a file: lines of people, broken ones, and what is nearly one of ours. */
const foreignLine = fc.oneof(
  fc.stringMatching(/^[ -~]{0,60}$/),
  fc.constantFrom(
    '',
    '# ours',
    `ssh-ed25519 ${ed25519(9).base64} admin`,
    '\t',
    'restrict,command="/bin/sh" x y',
    'a\r',
  ),
  serverKey.map((key) => ` ${lineOf(key)}`),
  serverKey.map((key) => `# ${lineOf(key)}`),
);

lines('the line of a server lets its key drop files into its folder, and nothing else', () => {
  const line = lineOf({
    server: 'web1',
    key: { type: 'ssh-ed25519', base64: 'AAAA' },
    from: '203.0.113.11,2001:db8::/64',
  });

  assert.is(
    line,
    'restrict,from="203.0.113.11,2001:db8::/64",command="/usr/lib/banspool/banspool-receive /usr/bin/rrsync' +
      ' -wo -no-del -no-lock -munge /var/spool/banspool/web1" ssh-ed25519 AAAA web1',
  );
});

lines('what is written is read back, in its order', () => {
  fc.assert(
    fc.property(fc.array(serverKey), (servers) => {
      const placed = servers.map((key) => ({ ...key, folder: commandFor(key.server).folder }));

      assert.equal(parseServerKeys(servers.map((key) => `${lineOf(key)}\n`).join('')), placed);
    }),
  );
});

lines('a server has the one line that was put last, and all other lines stay as they are', () => {
  fc.assert(
    fc.property(fc.array(foreignLine), fc.array(serverKey), serverKey, (foreign, others, key) => {
      const kept = others.filter(({ server }) => server !== key.server);
      const before = [...foreign, ...kept.map(lineOf), lineOf({ ...key, key: ed25519(77) }), ''].join('\n');

      const after = putServerKey(before, key.server, lineOf(key));

      assert.is(after, [...foreign, ...kept.map(lineOf), lineOf(key), ''].join('\n'));
      assert.is(putServerKey(after, key.server, lineOf(key)), after, 'twice is once');
    }),
  );
});

lines('a line put and dropped again leaves the file as it was', () => {
  fc.assert(
    fc.property(fc.array(foreignLine), serverKey, (foreign, key) => {
      const before = foreign.map((line) => `${line}\n`).join('');

      assert.is(dropServerKeys(putServerKey(before, key.server, lineOf(key)), key.server), before);
    }),
  );
});

lines('a last line without its line feed is not grown together with the next', () => {
  const after = putServerKey('ssh-ed25519 AAAA admin', 'web1', 'LINE');

  assert.is(after, 'ssh-ed25519 AAAA admin\nLINE\n');
});

lines('a server whose name begins with that of another is another', () => {
  const text = ['web1', 'web10', 'web1.example', 'xweb1']
    .map((server) => `${lineOf({ server, key: ed25519() })}\n`)
    .join('');

  const servers = parseServerKeys(dropServerKeys(text, 'web1')).map(({ server }) => server);

  assert.equal(servers, ['web10', 'web1.example', 'xweb1']);
});

lines('whatever else lets somebody in is foreign: also a line of ours that allows more', () => {
  const ours = lineOf({ server: 'web1', key: ed25519() });
  const foreign = [
    `ssh-ed25519 ${ed25519().base64} admin`,
    ours.replace('restrict,', ''),
    ours.replace('restrict,', 'restrict,pty,'),
    ours.replace('" ssh-', '",port-forwarding ssh-'),
    ours.replace(' -wo', ''),
    ours.replace(' -no-del', ''),
    ours.replace('/banspool-receive', '/receive'),
    ours.replace('/web1"', '/web1;id x"'),
  ];
  const text = ['# keys', '', '  ', ours, ...foreign, ''].join('\n');

  assert.equal(foreignKeyLines(text), foreign);
});

lines('a comment that is indented lets nobody in', () => {
  assert.equal(foreignKeyLines('  # web1, until May\n\t#\n'), []);
});

lines('the line of a key for scp is read back, and leaves the command to the configuration of sshd', () => {
  fc.assert(
    fc.property(serverKey, (key) => {
      const text = formatScpKey(key);

      assert.match(text, /^restrict[ ,]/);
      assert.not.match(text, /command=/);
      const { server, ...rest } = key;
      assert.equal(parseScpKey(text), rest);
      assert.ok(text.endsWith(` ${server}`));
    }),
  );
});

lines('another file is no key for scp', () => {
  for (const text of [
    '',
    'ssh-ed25519 AAAA web1',
    'restrict',
    `# ${formatScpKey({ server: 'a', key: ed25519() })}`,
  ]) {
    assert.is(parseScpKey(text), undefined);
  }
});

lines.run();
