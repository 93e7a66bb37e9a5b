/** What the sender, the door and the controller each have to know of the way between them: the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_SECONDS, MAX_TEXT } from '../../src/intent/fields.ts';
import { JAIL_NAME, SERVER_NAME } from '../../src/domain/names.ts';
import { INCOMPLETE_MS } from '../../src/spool/file-state.ts';
import { MAX_BYTES, MAX_FILES } from '../../src/spool/overflow.ts';
import { INTENT_NAME } from '../../src/spool/sweep.ts';
import { FLUSH_GRACE_MS } from '../../src/claims/jail-join.ts';
import { MAX_FILE_BYTES } from '../../src/system/files/spool-files.ts';
import { outputOf } from '../support/run-program.ts';
import { ACTIONS, Sender, SHELLS } from './sender.ts';

const wire = suite('both ends of the way');

const PARTS = join(ACTIONS, 'send');

/** All constants of a script, as numbers. */
function constantsOf(path: string): Readonly<Record<string, number>> {
  const lines = readFileSync(path, 'utf8').matchAll(/^([A-Z_]+)=([0-9]+)$/gm);
  return Object.fromEntries(Array.from(lines, ([, name = '', value]) => [name, Number(value)]));
}

wire('have the same numbers, and the sender no others in that part of it', () => {
  assert.equal(constantsOf(join(PARTS, 'wire.sh')), {
    SERVER_LENGTH: longest(SERVER_NAME),
    JAIL_LENGTH: longest(JAIL_NAME),
    // parse.ts takes so many; a test of the names below and those of queue hold it to that.
    COUNT_DIGITS: 9,
    TEXT_LENGTH: MAX_TEXT,
    MOST_SECONDS: MAX_SECONDS,
    FILE_BYTES: MAX_FILE_BYTES,
    STALLED_S: INCOMPLETE_MS / 1000,
    STOP_FOLLOWS_MS: FLUSH_GRACE_MS,
  });
});

/** Of the names that a pattern matches, the length of the longest. */
function longest(pattern: RegExp): number {
  return Math.max(
    ...Array.from({ length: 200 }, (_, index) => (pattern.test('a'.repeat(index)) ? index : 0)),
  );
}

wire('bound what may lie in a folder alike, where the door holds it and where a pass does', () => {
  const door = constantsOf(join(ACTIONS, 'banspool-receive'));

  assert.is((door['MAX_FILE_BLOCKS'] ?? 0) * 512, MAX_FILE_BYTES);
  assert.is(door['MAX_FILES'], MAX_FILES);
  assert.is((door['MAX_KIB'] ?? 0) * 1024, MAX_BYTES);
});

wire('take a connection for dead before a file that it stopped in counts as cut', () => {
  const { ServerAliveInterval = NaN, ServerAliveCountMax = NaN } = Object.fromEntries(
    Array.from(
      readFileSync(join(PARTS, 'ship.sh'), 'utf8').matchAll(/(ServerAlive[A-Za-z]+)=([0-9]+)/g),
      ([, name = '', value]) => [name, Number(value)] as const,
    ),
  );

  assert.ok(ServerAliveInterval * ServerAliveCountMax * 1000 < INCOMPLETE_MS);
});

const NAMES = [
  ...[
    'web1',
    'a',
    '1',
    'a.b-c',
    'Web1',
    'web_1',
    'web 1',
    '.web',
    '-web',
    'web/1',
    'wéb',
    '',
    '*',
    'web.',
    'web-',
  ],
  ...[62, 63, 64, 65, 120].map((length) => 'a'.repeat(length)),
];

for (const shell of SHELLS) {
  wire(`take the same names for names of servers, under ${shell.join(' ')}`, async () => {
    const script = '. "$0/wire.sh"; . "$0/config.sh"; for name; do ! is_server "$name" || echo "$name"; done';

    const said = await outputOf([...shell, '-c', script, PARTS, ...NAMES]);

    assert.equal(
      said.trimEnd().split('\n'),
      NAMES.filter((name) => SERVER_NAME.test(name)),
    );
  });

  wire(`take the same names for names of jails, under ${shell.join(' ')}, and no other is sent`, async () => {
    const script = '. "$0/wire.sh"; . "$0/fields.sh"; for name; do name_jail "$name" && echo "$jail"; done';
    const names = NAMES.filter((name) => name !== '');

    const said = await outputOf([...shell, '-c', script, PARTS, ...names]);

    const sent = said.trimEnd().split('\n');
    assert.equal(
      sent.filter((name) => !JAIL_NAME.test(name)),
      [],
    );
    assert.equal(
      names.filter((name, index) => sent[index] === name),
      names.filter((name) => JAIL_NAME.test(name)),
    );
  });
}

wire('agree on the most of each field: what the sender lets through, the firewall takes', async () => {
  await using sender = new Sender();
  const ban = ['ban', '--jail', 'j'.repeat(64), '--ip', '198.51.100.7', '--bantime', '9'.repeat(30)];
  const ports = Array.from({ length: 420 }, (_, index) => 1_000 + index).join();

  const ran = await sender.queue(...ban, '--ports', ports.slice(0, 1_999), '--failures', '9'.repeat(9));
  const tooMany = await sender.queue(...ban, '--failures', '9'.repeat(10));

  assert.equal([ran.code, tooMany.code], [0, 2]);
  assert.is(sender.intents.length, 1);
  assert.ok(sender.waiting.every((name) => INTENT_NAME.test(name)));
});

wire.run();
