import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import { eventually } from '../../support/eventually.ts';
import { ValkeyServerProcess } from '../../support/valkey-server.ts';
import { failureOf, publication, publish } from '../mover-suite.ts';
import { Member, valkeySuites } from './valkey-suite.ts';

const SHARD = 'ipv4/203.yaml';
const LIFTS = 'lifts.yaml';

/** Else a replica waits until more of them may have come. */
const AT_ONCE = ['repl-diskless-sync-delay 0'];

/** Writes keys past any mover, as a peer can that is not as it should be. */
async function writeKeys(
  server: ValkeyServerProcess,
  name: string,
  values: Readonly<Record<string, string | Buffer>>,
): Promise<void> {
  for (const [path, value] of Object.entries(values)) await server.put(`banspool:${name}:${path}`, value);
}

/** Publishes texts as they are, with an index of this letter. */
async function writePublication(
  server: ValkeyServerProcess,
  texts: Readonly<Record<string, string>>,
  letter = 'a',
): Promise<void> {
  const packed = Object.entries(texts).map(([path, text]) => [path, deflateSync(text)] as const);
  await writeKeys(server, 'fw1', { ...Object.fromEntries(packed), index: letter.repeat(64) });
}

/** A replica has it a little later. */
async function untilThere(replica: ValkeyServerProcess): Promise<void> {
  await eventually(async () => {
    assert.is(await replica.cli('EXISTS', 'banspool:fw1:index'), '1');
  });
}

const namesOf = (member: Member, command: string): readonly string[] =>
  member.asked.filter(([name]) => name === command).map(([, key]) => String(key).replace('banspool:', ''));

valkeySuites(
  'the mover',
  (mover) => {
    mover('brings to another what one published, and then only what changed of it', async (context) => {
      using one = new Member(context, 'fw1');
      using other = new Member(context, 'fw2');

      const first = await one.push(1, { [SHARD]: 'ä\n', [LIFTS]: 'no newline' });
      await other.mover.fetch();
      const atFirst = other.inbox();
      one.asked.length = other.asked.length = 0;
      const second = await one.push(2, { [SHARD]: 'ä\n', 'ipv6/20.yaml': 'new\n' });
      await other.mover.fetch();
      const asked = [namesOf(one, 'SET'), namesOf(one, 'DEL'), namesOf(other, 'GETRANGE')];
      other.asked.length = 0;
      await other.mover.fetch();

      assert.equal(atFirst, first);
      // What is not named any more is left: peer.yaml tells what counts.
      assert.equal(other.inbox(), { ...second, [LIFTS]: 'no newline' });
      const heads = ['fw1:peer.yaml.sig', 'fw1:peer.yaml'];
      assert.equal(asked.slice(0, 2), [['fw1:ipv6/20.yaml', ...heads, 'fw1:index'], ['fw1:lifts.yaml']]);
      assert.equal(asked[2], ['fw1:index', 'fw3:index', ...heads, 'fw1:ipv6/20.yaml']);
      assert.equal(namesOf(other, 'GETRANGE'), ['fw1:index', 'fw3:index']);
      assert.equal(await context.server.cli('EXISTS', `banspool:fw1:${LIFTS}`), '0');
    });

    mover('pushes nothing that is half written, nor twice, though it is another process', async (context) => {
      using one = new Member(context, 'fw1');
      await one.push(1, { [SHARD]: 'a\n' });
      using later = new Member(context, 'fw1');

      await later.push(1, { [SHARD]: 'a\n' });
      writeFileSync(join(one.fleet.folder, 'out', SHARD), 'b\n');
      const half = await one.mover.push();

      assert.is(half, false);
      assert.equal([namesOf(one, 'PUBLISH').length, namesOf(later, 'SET').length], [1, 0]);
    });

    for (const [what, lose] of [
      ['everything', ['FLUSHALL']],
      ['a file', ['DEL', `banspool:fw1:${SHARD}`]],
      ['the index', ['DEL', 'banspool:fw1:index']],
      ['what names the files', ['DEL', 'banspool:fw1:peer.yaml']],
    ] as const)
      mover(
        `gives a server that lost ${what} all that was published, and readers keep it`,
        async (context) => {
          using one = new Member(context, 'fw1');
          using other = new Member(context, 'fw2');
          const published = await one.push(1, { [SHARD]: 'a\n', [LIFTS]: 'b\n' });
          await other.mover.fetch();

          await context.server.cli(...lose);
          await other.mover.fetch();
          const kept = other.inbox();
          await one.mover.fetch();
          using third = new Member(context, 'fw3');
          await third.mover.fetch();

          assert.equal([kept, third.inbox()], [published, published]);
          assert.equal(one.said, ['the hub lost what this firewall published; it is published again']);
        },
      );

    mover('goes on above a server that was killed, and which kept nothing', async (context) => {
      using one = new Member(context, 'fw1');
      using other = new Member(context, 'fw2');
      await one.push(1, { [SHARD]: 'a\n' });
      await other.mover.fetch();
      await context.server.kill();
      const failures = [
        await failureOf(one.push(2, { [SHARD]: 'b\n' })),
        await failureOf(other.mover.fetch()),
      ];
      const kept = other.inbox()[SHARD];
      await context.server.start();
      const size = await context.server.cli('DBSIZE');

      const published = await one.push(3, { [SHARD]: 'c\n' });
      await other.mover.fetch();

      for (const failure of failures) assert.match(failure, /127\.0\.0\.1:\d+: /);
      assert.equal([kept, size], ['a\n', '0']);
      assert.equal(other.inbox(), published);
    });

    mover('notices a server that is stopped, and goes on when it runs again', async (context) => {
      using one = new Member(context, 'fw1', 3_000);
      using other = new Member(context, 'fw2');
      await one.push(1, { [SHARD]: 'a\n' });
      context.server.signal('SIGSTOP');
      const failures = [await failureOf(one.push(2, { [SHARD]: 'b\n' })), await failureOf(one.mover.fetch())];
      context.server.signal('SIGCONT');

      const published = await one.push(3, { [SHARD]: 'c\n' });
      await other.mover.fetch();

      for (const failure of failures) assert.match(failure, 'no answer for 3 s');
      assert.equal(other.inbox(), published);
    });

    mover(
      'passes over what is larger than it is named, or than it can be, and takes the rest',
      async (context) => {
        using other = new Member(context, 'fw2');
        const texts = publication('fw1', 1, { [SHARD]: 'short\n', [LIFTS]: 'as named\n' });
        await writePublication(context.server, { ...texts, [SHARD]: 'much longer than short\n' });
        await other.mover.fetch();
        const first = other.inbox();
        await writePublication(context.server, { ...texts, 'peer.yaml.sig': 'x'.repeat(17 * 1024) }, 'b');
        await other.mover.fetch();

        assert.equal(Object.keys(first), [LIFTS, 'peer.yaml', 'peer.yaml.sig']);
        assert.equal(other.inbox(), texts);
      },
    );

    mover(
      'passes over what is no publication, and asks for no file of a name that nobody has',
      async (context) => {
        using other = new Member(context, 'fw2');
        await writePublication(context.server, { 'peer.yaml': 'junk', 'peer.yaml.sig': 'junk' });
        await writeKeys(context.server, 'fw3', { index: 'no index', 'peer.yaml': 'not deflated' });

        await other.mover.fetch();
        const junk = other.inbox();
        const head = publication('fw1', 1, { '../evil.yaml': 'x\n' });
        await writePublication(context.server, head, 'b');
        await other.mover.fetch();

        // The controller tells that it is damaged.
        assert.equal(junk, { 'peer.yaml': 'junk', 'peer.yaml.sig': 'junk' });
        assert.equal(other.inbox('fw3'), {});
        assert.equal(Object.keys(other.inbox()), ['peer.yaml', 'peer.yaml.sig']);
        assert.not.ok(namesOf(other, 'GETRANGE').some((key) => key.includes('evil')));
      },
    );

    mover('takes in time what the index named and what was not there yet', async (context) => {
      using other = new Member(context, 'fw2');
      const texts = publication('fw1', 1, { [SHARD]: 'a\n', [LIFTS]: 'b\n' });
      const { [SHARD]: late = '', ...rest } = texts;
      await writePublication(context.server, rest);

      await other.mover.fetch();
      const without = other.inbox();
      await writeKeys(context.server, 'fw1', { [SHARD]: deflateSync(late) });
      await other.mover.fetch();

      assert.equal([without, other.inbox()], [rest, texts]);
    });

    mover('hears the others where the keys of one are of another kind, or too many', async (context) => {
      using one = new Member(context, 'fw3');
      using other = new Member(context, 'fw2');
      const published = await one.push(1, { [SHARD]: 'a\n' });
      await context.server.cli('LPUSH', 'banspool:fw1:index', 'x');
      const kind = await failureOf(other.mover.fetch());
      const many = Array.from({ length: 700 }, (_, index) => [`ipv4/${index}.yaml`, 'x\n'] as const);
      const { 'peer.yaml': head = '' } = publication('fw1', 1, Object.fromEntries(many));
      await context.server.cli('DEL', 'banspool:fw1:index');
      await writePublication(context.server, { 'peer.yaml': head, 'peer.yaml.sig': 'x' });
      const tooMany = await failureOf(other.mover.fetch());

      assert.match(kind, 'fw1: WRONGTYPE');
      assert.match(tooMany, 'fw1 publishes more than 600 files');
      assert.equal(other.inbox('fw3'), published);
    });

    mover('reads nothing of who is no peer, and nobody where no peer is named', async (context) => {
      using one = new Member(context, 'fw1');
      using other = new Member(context, 'fw2');
      await one.push(1, { [SHARD]: 'a\n' });
      other.hear(['fw3']);
      await other.mover.fetch();
      rmSync(join(other.fleet.folder, 'out'), { recursive: true });
      await other.mover.fetch();

      assert.equal(namesOf(other, 'GETRANGE'), ['fw3:index']);
      assert.equal(other.inbox(), {});
    });

    mover(
      'pushes again what a replica lacks that took the place of a server that is gone',
      async (context) => {
        await using first = await ValkeyServerProcess.start(context.server.release, AT_ONCE);
        await using replica = await ValkeyServerProcess.start(context.server.release, [
          `replicaof 127.0.0.1 ${first.port}`,
        ]);
        using one = new Member({ ...context, server: first }, 'fw1');
        using other = new Member({ ...context, server: replica }, 'fw2');
        await one.push(1, { [SHARD]: 'a\n' });
        await untilThere(replica);
        // From here on it hears nothing of the other one.
        await replica.cli('REPLICAOF', 'NO', 'ONE');
        await one.push(2, { [SHARD]: 'b\n' });
        await other.mover.fetch();
        const old = other.inbox()[SHARD];
        await first.kill();

        one.moveTo(replica.port);
        await one.mover.fetch();
        await other.mover.fetch();

        assert.equal([old, other.inbox()[SHARD]], ['a\n', 'b\n']);
      },
    );

    mover(
      'reads of a server that can only be read, and tells that it cannot publish there',
      async (context) => {
        await using replica = await ValkeyServerProcess.start(context.server.release, [
          `replicaof 127.0.0.1 ${context.server.port}`,
        ]);
        using one = new Member(context, 'fw1');
        using other = new Member({ ...context, server: replica }, 'fw2');
        const published = await one.push(1, { [SHARD]: 'a\n' });
        await untilThere(replica);

        const failure = await failureOf(other.mover.push());
        await other.mover.fetch();

        assert.match(failure, 'READONLY');
        assert.equal(other.inbox(), published);
      },
    );

    mover('sends what is large in parts, and reads it so', async (context) => {
      using one = new Member(context, 'fw1');
      using other = new Member(context, 'fw2');
      // Deflated it is as large as before.
      const noise = (seed: number): string =>
        Array.from({ length: 60_000 }, (_, at) =>
          String.fromCharCode(32 + ((at * 7919 * seed + at * at) % 95)),
        ).join('');
      const texts = Object.fromEntries(
        [1, 2, 3, 4, 5, 6].map((seed) => [`ipv4/${seed}.yaml`, noise(seed).repeat(10)]),
      );
      const published = publish(one.fleet, 2, texts);

      await one.mover.push();
      await other.mover.fetch();

      assert.equal(other.inbox(), published);
    });
  },
  AT_ONCE,
);
