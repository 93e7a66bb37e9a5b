/** The one command line that banspool-send sends gets through without rrsync, and nothing that only resembles it. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Bait } from '../support/bait.ts';
import { Gate, hasRrsync, send } from './gate.ts';
import { Sender, SHELLS } from './sender.ts';

const receive = suite('the line of banspool-send');

const OURS = 'rsync --server -Wpe.LsfxCIvu --timeout=60 . .';

/** A gate whose rsync says how it was called, and from where. */
function gateOfRsync(): Gate {
  const gate = new Gate();
  gate.replaceProgram('rsync', 'printf "%s\\n" "rsync $*" "$PWD"');
  gate.replaceProgram('rrsync', 'echo rrsync');
  return gate;
}

for (const shell of SHELLS) {
  receive(
    `is run in the folder of the server, and never over a file there, under ${shell.join(' ')}`,
    async () => {
      using gate = gateOfRsync();

      // Of rsync 3.1, 3.2 and later.
      for (const letters of ['LsfxC', 'LsfxCIvu', 'iLsfxCIvu']) {
        const ran = await gate.run(OURS.replace('LsfxCIvu', letters), shell);

        const words = `--ignore-existing -Wpe.${letters} --timeout=60 --munge-links -- . .`;
        assert.equal(ran, { code: 0, stdout: `rsync --server ${words}\n${gate.spool}\n`, stderr: '' });
      }
      assert.equal(gate.log, []);
    },
  );
}

receive('is what the rsync of this machine makes of what banspool-send asks it for', async () => {
  await using sender = new Sender();
  using gate = gateOfRsync();
  fs.rmSync(join(sender.bin, 'rsync'));
  sender.replaceProgram(
    'ssh',
    'while [ "$1" != fw.example.net ]; do shift; done; shift; echo "$*" >$world/asked; exit 255',
  );
  sender.drop('1795337738250000000-1-1.yaml', 'intent: ban');

  await sender.run(['ship']);
  const asked = fs.readFileSync(join(sender.folder, 'asked'), 'utf8').trimEnd();
  const ran = await gate.run(asked);

  assert.match(ran.stdout, /^rsync --server --ignore-existing /, asked);
});

receive('is no other line, however little differs: that is for rrsync, or refused', async () => {
  using gate = gateOfRsync();
  const others = [
    ...[` ${OURS}`, `${OURS} `, `${OURS}\n`, OURS.replace(' -', '  -'), OURS.replace(' . ', '\t. ')],
    ...[
      'Wpe.',
      'Wpe.L5',
      'Wpe.L.s',
      'Wpe.L*',
      'Wpe.$(id)',
      'Wpe.L -t',
      'Wpre.L',
      'Wple.L',
      'pe.L',
      'Wpe.é',
    ].map((word) => OURS.replace('Wpe.LsfxCIvu', word)),
    ...['6', '600', '0', '60 --inplace'].map((word) => OURS.replace('=60', `=${word}`)),
    ...[`${OURS}.`, `${OURS} .`, OURS.replace('. .', '. a'), OURS.replace('. .', '.')],
    ...[
      OURS.toUpperCase(),
      OURS.replace('rsync', '/usr/bin/rsync'),
      OURS.replace('--server', '--server --sender'),
    ],
    `${OURS}; id`,
  ];

  for (const asked of others) {
    const ran = await gate.run(asked);

    const isForRrsync = ran.code === 0 && ran.stdout === 'rrsync\n';
    assert.ok(isForRrsync || ran.stderr.startsWith('banspool-receive: refused: '), `${asked}: ${ran.stdout}`);
  }
});

receive('goes to rrsync where the shell finds no rsync', async () => {
  using gate = new Gate();
  gate.replaceProgram('rrsync', 'echo rrsync');

  const ran = await gate.run(OURS, ['env', `PATH=${gate.bin}`, '/bin/sh']);

  assert.is(ran.stdout, 'rrsync\n', ran.stderr);
});

receive('ends with the code of rsync, which syslog is told', async () => {
  using gate = new Gate();
  gate.replaceProgram('rsync', 'exit 12');

  const ran = await gate.run(OURS);

  assert.is(ran.code, 12);
  assert.equal(gate.log, ['web1 (203.0.113.11 40000 203.0.113.1 22): rsync exited with code 12']);
});

receive('starts no program to look at a folder with few files, nor to count the sessions', async () => {
  using gate = gateOfRsync();
  for (const name of ['find', 'du', 'stat', 'grep', 'flock'])
    gate.replaceProgram(name, `echo ${name} >>$world/looked`);
  // Longer than the session.
  gate.replaceProgram('sleep', 'exec /bin/sleep 60');
  for (let index = 1; index <= 50; index += 1) fs.writeFileSync(join(gate.spool, `.${index}`), '');

  const ran = await gate.run(OURS);

  assert.is(ran.code, 0, ran.stderr);
  assert.not(fs.existsSync(join(gate.folder, 'looked')));
});

for (const shell of SHELLS) {
  receive(`lets no file get larger than an intent may be, under ${shell.join(' ')}`, async () => {
    using gate = new Gate();
    gate.replaceProgram('rsync', 'mkdir made; exec head -c 5000000 /dev/zero >large.yaml 2>/dev/null');

    const ran = await gate.run(OURS, shell);

    assert.is.not(ran.code, 0);
    assert.equal(fs.readdirSync(gate.spool), ['large.yaml']);
    assert.is(fs.statSync(join(gate.spool, 'large.yaml')).size, 4 * 1024 * 1024);
  });
}

if (hasRrsync) {
  receive(
    'drops plain files and nothing else, whatever the rsync at the other end is told to send',
    async () => {
      using gate = new Gate();
      const bait = new Bait(gate.folder);
      const outbox = fs.mkdtempSync(join(gate.folder, 'outbox-'));
      fs.mkdirSync(join(outbox, 'sub'));
      for (const name of ['a.yaml', 'sub/b.yaml']) fs.writeFileSync(join(outbox, name), 'new');
      fs.symlinkSync(bait.folder, join(outbox, 'link'));
      fs.writeFileSync(join(gate.spool, 'a.yaml'), 'old');
      const file = join(outbox, 'a.yaml');

      for (const words of [
        ['-r', `${outbox}/`],
        ['-r', '--delete', `${outbox}/sub/`],
        ['-R', join(outbox, 'sub/b.yaml')],
        ['-H', '--inplace', file],
        ['-b', `--backup-dir=${bait.folder}`, file],
        [`--temp-dir=${bait.folder}`, file],
      ]) {
        await send(gate, ['-W', '--perms', ...words, 'fw:'], `'${OURS}'`);

        const entries = fs.readdirSync(gate.spool, { withFileTypes: true });
        assert.ok(
          entries.every((entry) => entry.isFile()),
          words.join(' '),
        );
        assert.is(fs.readFileSync(join(gate.spool, 'a.yaml'), 'utf8'), 'old', words.join(' '));
      }

      assert.equal(...bait.comparison);
    },
  );
}

receive.run();
