import { inflateSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import { BELL, ValkeyStore } from '../../../src/mover/valkey/valkey-store.ts';
import { sha256 } from '../../../src/system/sha256.ts';
import { connectValkey, type Command } from '../../../src/system/valkey.ts';
import { failureOf } from '../mover-suite.ts';
import { valkeySuites, type ValkeyContext } from './valkey-suite.ts';

const TEXTS = new Map([
  ['ipv4/203.yaml', 'ä\n'.repeat(100)],
  ['peer.yaml', 'head'],
  ['peer.yaml.sig', 'signature'],
]);
const FILE = { path: 'ipv4/203.yaml', bytes: 300, sha256: sha256(TEXTS.get('ipv4/203.yaml') ?? '') };
const INDEX = sha256('head');

async function open({ server }: ValkeyContext) {
  const at = { host: '127.0.0.1', port: server.port, user: undefined, password: undefined, tls: undefined };
  const connection = await connectValkey(at);
  const asked: Command[] = [];
  const ask: typeof connection.ask = (commands) => {
    asked.push(...commands);
    return connection.ask(commands);
  };
  return {
    ...{ store: new ValkeyStore(() => Promise.resolve({ ask })), asked, connection },
    [Symbol.dispose]: () => {
      connection.close();
    },
  };
}

valkeySuites('what firewalls have on a server', (test) => {
  test('is a key a file, deflated, an index, and a ring of the bell', async (context) => {
    using opened = await open(context);
    using listener = await open(context);
    const rung: string[] = [];
    await listener.connection.subscribe(BELL, (by) => rung.push(by));

    await opened.store.publish('fw1', { index: INDEX, texts: TEXTS, gone: [] });
    await listener.connection.ask([['PING']]);

    const [packed] = await opened.connection.ask([['GET', 'banspool:fw1:ipv4/203.yaml']]);
    assert.is(inflateSync(packed as Buffer).toString(), TEXTS.get('ipv4/203.yaml'));
    assert.is(await context.server.cli('GET', 'banspool:fw1:index'), INDEX);
    assert.is(await context.server.cli('DBSIZE'), '4');
    assert.equal(rung, ['fw1']);
  });

  test('is given back as it was published', async (context) => {
    using opened = await open(context);
    const { store } = opened;
    await store.publish('fw1', { index: INDEX, texts: TEXTS, gone: [] });

    const names = Array.from({ length: 250 }, (_, index) => `fw${index}`);
    const indexes = await store.indexesOf(names);
    const { signature, head } = await store.headsOf('fw1');
    const files = [];
    for await (const [file, text] of store.filesOf('fw1', [FILE])) files.push([file.path, text.toString()]);

    assert.equal([indexes.length, indexes[0], indexes[1]], [250, undefined, INDEX]);
    assert.equal([signature?.toString(), head?.toString()], ['signature', 'head']);
    assert.equal(files, [['ipv4/203.yaml', TEXTS.get('ipv4/203.yaml')]]);
  });

  test('is there while nothing of it is lost', async (context) => {
    using opened = await open(context);
    const { store } = opened;
    const publication = { index: INDEX, paths: [...TEXTS.keys()] };
    await store.publish('fw1', { index: INDEX, texts: TEXTS, gone: [] });

    const there = await store.isThere('fw1', publication);
    await store.publish('fw1', { index: INDEX, texts: TEXTS, gone: ['ipv6/20.yaml'] });
    const still = await store.isThere('fw1', publication);
    await store.publish('fw1', { index: INDEX, texts: TEXTS, gone: ['ipv4/203.yaml'] });

    assert.equal([there, still, await store.isThere('fw1', publication)], [true, true, false]);
    assert.is(await store.isThere('fw1', { ...publication, index: sha256('other') }), false);
  });

  test('is asked for no further than it may be long', async (context) => {
    using opened = await open(context);
    await context.server.cli('SET', 'banspool:fw1:ipv4/203.yaml', 'x'.repeat(5_000));
    await context.server.cli('SET', 'banspool:fw1:index', 'a'.repeat(5_000));

    const indexes = await opened.store.indexesOf(['fw1']);
    for await (const taken of opened.store.filesOf('fw1', [FILE])) assert.unreachable(taken[0].path);

    assert.equal(indexes, ['a'.repeat(64)]);
    assert.equal(
      opened.asked.map(([, , from, to]) => [from, to]),
      [
        [0, 63],
        [0, 364],
      ],
    );
  });

  test('is published whole or not at all, and what the server says of it is told', async (context) => {
    using opened = await open(context);
    await context.server.cli('CONFIG', 'SET', 'maxmemory', '1');
    try {
      const failure = await failureOf(opened.store.publish('fw1', { index: INDEX, texts: TEXTS, gone: [] }));

      assert.match(failure, 'OOM');
      assert.is(await context.server.cli('DBSIZE'), '0');
    } finally {
      await context.server.cli('CONFIG', 'SET', 'maxmemory', '0');
    }
  });
});
