/** What the key of a server may do on the firewall, whatever it asks for. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Bait } from '../support/bait.ts';
import { eventually } from '../support/eventually.ts';
import type { Ran } from '../support/run-program.ts';
import { Gate, hasRrsync, send } from './gate.ts';
import { ACTIONS, SHELLS } from './sender.ts';

const receive = suite('banspool-receive');

/** What rsync 3.2 sends for banspool-send. */
const ASKED = 'rsync --server -vpWze.iLsfxCIvu --log-format=X --timeout=60 . .';

for (const shell of SHELLS) {
  receive(
    `the rsync of banspool-send gets through, and may not write over what is there, under ${shell.join(' ')}`,
    async () => {
      using gate = new Gate();

      const ran = await gate.run(ASKED, shell);

      assert.equal(ran, {
        code: 0,
        stdout:
          'rsync --server --ignore-existing -vpWze.iLsfxCIvu --log-format=X --timeout=60 . .\n' +
          `-wo -no-del -no-lock -munge ${gate.spool}\n`,
        stderr: '',
      });
      assert.equal(gate.log, []);
    },
  );

  receive(`a shell is refused, told to the caller and to syslog, under ${shell.join(' ')}`, async () => {
    using gate = new Gate();

    const ran = await gate.run(undefined, shell);

    assert.equal(ran, {
      code: 1,
      stdout: '',
      stderr: 'banspool-receive: refused: this key can only drop files, by rsync\n',
    });
    assert.equal(gate.log, [
      'web1 (203.0.113.11 40000 203.0.113.1 22): refused: this key can only drop files, by rsync: a shell',
    ]);
  });
}

receive('one file under a name of its own gets through: the probe of banspool-send check', async () => {
  using gate = new Gate();

  for (const asked of [
    'rsync --server -nWe.iLsfxCIvu --ignore-existing --log-format=X . 1795337738-1-1.yaml',
    'rsync --server -e.LsfxCIvu . a.yaml',
  ]) {
    const ran = await gate.run(asked);

    assert.is(ran.code, 0, ran.stderr);
    assert.is(ran.stdout.split('\n')[0], asked.replace('--server', '--server --ignore-existing'));
  }
});

const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'other programs': [
    ...[
      'id',
      'id x/rsync --server -e.x . .',
      'scp -t .',
      'rsync',
      'rsync --daemon .',
      '/usr/bin/rsync --server -e.x . .',
      'rsync;id --server -e.x . .',
    ],
    ...['rsync --server . .', `rsync --server ${'-e.x '.repeat(20)}. .`],
  ],
  'reading and listing': ['rsync --server --sender -e.x . .', 'rsync --server -e.x --sender . .'],
  'more than plain files': ['r', 'd', 'R', 'l', 'H', 'D', 'b', 'k'].map(
    (letter) => `rsync --server -v${letter}We.LsfxCIvu . .`,
  ),
  'other options': [
    ...[
      '--delete',
      '--inplace',
      '--timeout=6x',
      '--temp-dir=/tmp',
      '--log-format=%n',
      '--rsync-path=e.x',
      '-M--sender',
    ],
    ...['-v', '--', '-e.x/y'],
  ].map((option) => `rsync --server -e.LsfxCIvu ${option} . .`),
  'other places': [
    ...[
      '. ..',
      '. ../mail',
      '. /etc',
      '. ./',
      '. .x',
      '. -x',
      '. a/b',
      '. a*',
      '. $(id)',
      '. a;id',
      '/ etc',
      '.. .',
    ],
    ...['./a b', 'a b', '. ~', '. \\a'],
  ].map((places) => `rsync --server -e.LsfxCIvu ${places}`),
};

for (const [what, commands] of Object.entries(REFUSED)) {
  receive(`${what}: refused, with what was asked for in syslog`, async () => {
    using gate = new Gate();

    for (const asked of commands) {
      const ran = await gate.run(asked);

      assert.is(ran.code, 1, `${asked}: ${ran.stdout}`);
      assert.match(ran.stderr, /^banspool-receive: refused: /);
      assert.is(ran.stdout, '');
      assert.match(gate.log.at(-1) ?? '', /^web1 \(203\.0\.113\.11 .*\): refused: /);
      assert.ok(gate.log.at(-1)?.endsWith(`: ${asked}`), asked);
    }

    assert.equal(fs.readdirSync(gate.spool), []);
  });
}

receive('what a stranger asks for is one printable line of bounded length in syslog', async () => {
  using gate = new Gate();

  await gate.run(`\u001b[2J\nJan 1 root: all is well ${'x'.repeat(1000)}`);

  assert.is(gate.log.length, 1);
  assert.match(gate.log[0] ?? '', /rsync: \?\[2J\?Jan 1 root: all is well x+$/);
  assert.ok((gate.log[0] ?? '').length < 400);
});

receive('names in what is asked for are not looked up in the folder', async () => {
  using gate = new Gate();
  fs.writeFileSync(join(gate.spool, 'a.yaml'), '');

  const ran = await gate.run('rsync --server -e.LsfxCIvu . *');

  assert.is(ran.code, 1);
  assert.ok(gate.log[0]?.endsWith(' . *'));
});

receive('folders that a session left are removed before and after it, and told', async () => {
  using gate = new Gate();
  const bait = new Bait(gate.folder);
  for (const name of ['a/b', '.c', '.d']) fs.mkdirSync(join(gate.spool, name), { recursive: true });
  gate.replaceProgram(
    'rrsync',
    'mkdir -p x.yaml/y .z; echo 1 >x.yaml/y/file; echo 1 >plain.yaml; chmod 0 x.yaml/y x.yaml; ln -s "$world"/bait-* link',
  );

  const ran = await gate.run(ASKED);

  assert.is(ran.code, 0, ran.stderr);
  assert.equal(fs.readdirSync(gate.spool).sort(), ['link', 'plain.yaml']);
  assert.is(fs.readlinkSync(join(gate.spool, 'link')), bait.folder);
  assert.equal(...bait.comparison);
  assert.match(gate.log.join('\n'), /created a folder, which was removed/);
});

receive('a folder that is closed to its owner is removed as well', async () => {
  using gate = new Gate();
  gate.replaceProgram('rrsync', 'mkdir -p x/y; echo 1 >x/y/file; chmod 0 x/y x');

  // What root has and the account has not.
  const ran = await gate.run(ASKED, ['setpriv', '--bounding-set', '-dac_override,-dac_read_search', 'dash']);

  assert.is(ran.code, 0, ran.stderr);
  assert.equal(fs.readdirSync(gate.spool), []);
});

receive('no name of a folder saves it from being removed', async () => {
  using gate = new Gate();
  for (const name of ['..a', '...', '..a b', '-x', ' ']) fs.mkdirSync(join(gate.spool, name));

  const ran = await gate.run(ASKED);

  assert.is(ran.code, 0, ran.stderr);
  assert.equal(fs.readdirSync(gate.spool), []);
});

receive('a session that fails says so in syslog, and ends with the code of rrsync', async () => {
  using gate = new Gate();
  gate.replaceProgram('rrsync', 'exit 12');

  const ran = await gate.run(ASKED);

  assert.is(ran.code, 12);
  assert.equal(gate.log, ['web1 (203.0.113.11 40000 203.0.113.1 22): rsync exited with code 12']);
});

for (const shell of SHELLS) {
  receive(`no file gets larger than an intent may be, under ${shell.join(' ')}`, async () => {
    using gate = new Gate();
    gate.replaceProgram('rrsync', 'exec head -c 5000000 /dev/zero >large.yaml 2>/dev/null');

    const ran = await gate.run(ASKED, shell);

    assert.is.not(ran.code, 0);
    assert.is(fs.statSync(join(gate.spool, 'large.yaml')).size, 4 * 1024 * 1024);
  });
}

receive('what check asks is turned away like all else, and told as no attack', async () => {
  using gate = new Gate();
  gate.replaceProgram('logger', `printf '%s\\n' "$*" >>$world/log`);

  const ran = await gate.run('true');

  assert.equal(ran, {
    code: 1,
    stdout: '',
    stderr: 'banspool-receive: this key can only drop files, by rsync, into the folder of web1\n',
  });
  assert.equal(gate.log, [
    '-t banspool-receive -p auth.info -- web1 (203.0.113.11 40000 203.0.113.1 22): tested its key',
  ]);
});

/** So many files may be too much: of fewer it is known without a program. */
function fill(gate: Gate, count = 61): void {
  for (let index = 1; index <= count; index += 1) fs.writeFileSync(join(gate.spool, `${index}.yaml`), '');
}

receive('while the room is full nothing more is let in', async () => {
  using gate = new Gate();
  fill(gate);
  gate.replaceProgram('du', 'printf "262145\\t.\\n"');

  const ran = await gate.run(ASKED);

  assert.is(ran.code, 1);
  assert.is(ran.stderr, 'banspool-receive: refused: more than 50000 files or 256 MiB are already waiting\n');
});

receive('the room is for 50,000 files', async () => {
  using gate = new Gate();
  fill(gate);
  const codes = [];

  // The first line of find is the folder itself.
  for (const lines of [50_000, 50_001]) {
    gate.replaceProgram('find', `exec seq ${lines}`);
    codes.push((await gate.run(ASKED)).code);
  }

  assert.equal(codes, [0, 1]);
});

receive('a session that fills the room is ended, with all that it started', async () => {
  using gate = new Gate();
  const seen = join(gate.folder, 'seen');
  gate.replaceProgram(
    'du',
    'if [ -e full.yaml ]; then echo full >>$world/seen; printf "262145\\t.\\n"; else printf "4\\t.\\n"; fi',
  );
  gate.replaceProgram('rrsync', 'echo 1 >full.yaml; mkdir left; /bin/sleep 60; echo 1 >$world/outlived');

  const ran = await gate.run(ASKED);

  assert.is.not(ran.code, 0);
  assert.equal(fs.readdirSync(gate.spool), ['full.yaml']);
  assert.match(gate.log.join('\n'), /: stopped: more than 50000 files, 256 MiB or 600 s$/m);
  assert.is(fs.readFileSync(seen, 'utf8'), 'full\n', 'by the first look, not when its time was up');
  assert.not(fs.existsSync(join(gate.folder, 'outlived')));
});

/** Who holds the lock of the folder, and who waits for it, a line each. */
function locksOf({ spool }: Gate): readonly string[] {
  const { ino, dev } = fs.statSync(spool);
  const hex = (number: number): string => number.toString(16).padStart(2, '0');
  // Other file systems have files of that number too.
  const place = `${hex((dev >> 8) & 0xfff)}:${hex((dev & 0xff) | ((dev >> 12) & 0xfff00))}:${ino} `;
  const locks = fs.readFileSync('/proc/locks', 'utf8').split('\n');
  return locks.filter((line) => line.includes(place));
}

receive('of one key 16 sessions may be open, one of which looks at the room for all', async () => {
  using gate = new Gate();
  gate.replaceProgram('rrsync', 'until [ -e $world/go ]; do /bin/sleep 0.1; done');
  const sessions: Promise<Ran>[] = [];
  for (let count = 1; count <= 16; count += 1) {
    sessions.push(gate.run(ASKED));
    await eventually(() => {
      assert.is(locksOf(gate).length, count);
    });
  }

  const watching = locksOf(gate).filter((line) => !line.includes('->'));
  const refused = await gate.run(ASKED);
  fs.writeFileSync(join(gate.folder, 'go'), '');
  const ended = await Promise.all(sessions);
  await eventually(() => {
    assert.equal(locksOf(gate), []);
  });
  const after = await gate.run(ASKED);

  assert.is(watching.length, 1, watching.join('\n'));
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /^banspool-receive: refused: 16 sessions of this key are already open$/m);
  assert.equal(new Set([...ended, after].map(({ code }) => code)), new Set([0]));
});

receive('sessions that are over at once leave nobody who looks at the room', async () => {
  using gate = new Gate();
  gate.replaceProgram('rrsync', 'exit 0');

  for (let count = 1; count <= 10; count += 1) assert.is((await gate.run(ASKED)).code, 0);

  await eventually(() => {
    assert.equal(locksOf(gate), []);
  });
});

receive('the session that fills the room last is ended, whichever looks', async () => {
  using gate = new Gate();
  gate.replaceProgram('du', 'if [ -e full.yaml ]; then printf "262145\\t.\\n"; else printf "4\\t.\\n"; fi');
  gate.replaceProgram(
    'rrsync',
    'until [ -e $world/go ]; do /bin/sleep 0.1; done; echo 1 >full.yaml; /bin/sleep 60',
  );
  const sessions = [gate.run(ASKED), gate.run(ASKED)];
  await eventually(() => {
    assert.is(locksOf(gate).length, 2);
  });

  fs.writeFileSync(join(gate.folder, 'go'), '');
  const ended = await Promise.all(sessions);

  assert.equal(
    ended.map(({ code }) => code),
    [1, 1],
  );
  assert.is(gate.log.filter((line) => line.includes('stopped: ')).length, 2);
});

receive('without the folder of the server nothing is let in anywhere', async () => {
  using gate = new Gate();
  fs.rmdirSync(gate.spool);

  const ran = await gate.run(ASKED);

  assert.is(ran.code, 1);
  assert.match(ran.stderr, /banspool-receive: refused: the folder of this server is missing\n$/);
});

if (hasRrsync) {
  receive('the real rrsync drops plain files, and leaves those that are there as they are', async () => {
    using gate = new Gate();
    const outbox = fs.mkdtempSync(join(gate.folder, 'outbox-'));
    for (const name of ['a.yaml', 'b.yaml']) fs.writeFileSync(join(outbox, name), `new ${name}`);
    fs.writeFileSync(join(gate.spool, 'a.yaml'), 'old');

    const ran = await send(gate, [
      ...[
        '--perms',
        '--chmod=F644',
        '--whole-file',
        '--timeout=60',
        join(outbox, 'a.yaml'),
        join(outbox, 'b.yaml'),
        'fw:',
      ],
    ]);

    assert.equal(ran, { code: 0, stdout: '', stderr: '' });
    const texts = fs.readdirSync(gate.spool).map((name) => fs.readFileSync(join(gate.spool, name), 'utf8'));
    assert.equal(texts, ['old', 'new b.yaml']);
    assert.is(fs.statSync(join(gate.spool, 'b.yaml')).mode & 0o777, 0o644);
  });

  receive('through the real rrsync nothing is read, made, removed or linked', async () => {
    using gate = new Gate();
    const outbox = fs.mkdtempSync(join(gate.folder, 'outbox-'));
    fs.mkdirSync(join(outbox, 'sub'));
    fs.symlinkSync(new Bait(gate.folder).folder, join(outbox, 'link'));
    fs.writeFileSync(join(gate.spool, 'kept.yaml'), 'kept');

    const tried = [
      ['-r', `${outbox}/`, 'fw:'],
      ['-l', join(outbox, 'link'), 'fw:'],
      ['-r', '--delete', `${outbox}/sub/`, 'fw:'],
      ['fw:kept.yaml', outbox],
      ['fw:', outbox],
      [join(ACTIONS, 'banip.sh'), 'fw:../x'],
      [join(ACTIONS, 'banip.sh'), `fw:${gate.folder}/x`],
    ];
    for (const words of tried) {
      const ran = await send(gate, words);

      assert.is.not(ran.code, 0, words.join(' '));
    }

    assert.equal(fs.readdirSync(gate.spool), ['kept.yaml']);
    assert.not(fs.existsSync(join(outbox, 'kept.yaml')));
    assert.not(fs.existsSync(join(gate.folder, 'x')));
    assert.is(gate.log.length, tried.length);
  });
}

receive.run();
