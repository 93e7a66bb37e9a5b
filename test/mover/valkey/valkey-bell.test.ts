import * as assert from 'uvu/assert';
import { ValkeyBell } from '../../../src/mover/valkey/valkey-bell.ts';
import { BELL } from '../../../src/mover/valkey/valkey-store.ts';
import { connectValkey } from '../../../src/system/valkey.ts';
import { eventually } from '../../support/eventually.ts';
import { valkeySuites, type ValkeyContext } from './valkey-suite.ts';

/** The bell of fw1, and what it said. */
class Listening implements Disposable {
  heard = 0;
  readonly ended: string[] = [];
  readonly #bell: ValkeyBell;

  constructor({ server }: ValkeyContext, answerMs = 60_000) {
    const at = { host: '127.0.0.1', port: server.port, user: undefined, password: undefined, tls: undefined };
    const ringing = { heard: () => (this.heard += 1), ended: (why: string) => this.ended.push(why) };
    this.#bell = new ValkeyBell(ringing, {
      ...{ name: 'fw1', pingMs: 500 },
      connect: (ended) => connectValkey(at, { ended, answerMs }),
    });
  }

  async untilHeard(times: number): Promise<void> {
    await eventually(() => {
      assert.ok(this.heard >= times, `${this.heard} times`);
    });
  }

  [Symbol.dispose](): void {
    this.#bell.close();
  }
}

valkeySuites('the bell', (bell) => {
  bell('rings when it is opened, and when another firewall published, not for its own', async (context) => {
    using listening = new Listening(context);
    await listening.untilHeard(1);
    await context.server.cli('PUBLISH', BELL, 'fw1');
    await context.server.cli('PUBLISH', 'another', 'fw2');
    const own = listening.heard;

    await context.server.cli('PUBLISH', BELL, 'fw2');
    await listening.untilHeard(2);

    assert.equal([own, listening.heard, listening.ended], [1, 2, []]);
  });

  bell('rings seldom, and at least once more, for who rings without end', async (context) => {
    using listening = new Listening(context);
    await listening.untilHeard(1);
    const begun = performance.now();
    const lines = `PUBLISH ${BELL} fw2\n`.repeat(500);

    await context.server.type(lines);
    await listening.untilHeard(2);

    assert.ok(listening.heard <= 2 + (performance.now() - begun) / 100, `${listening.heard} times`);
  });

  bell('tells that the server is gone, is opened again by itself, and then rings', async (context) => {
    using listening = new Listening(context);
    await listening.untilHeard(1);

    await context.server.kill();
    await eventually(() => {
      assert.ok(listening.ended.length > 0);
    });
    await context.server.start();
    await listening.untilHeard(2);
  });

  bell('notices a server that is stopped, though nothing is to be heard', async (context) => {
    using listening = new Listening(context, 3_000);
    await listening.untilHeard(1);

    context.server.signal('SIGSTOP');
    await eventually(() => {
      assert.match(listening.ended[0] ?? '', 'no answer for 3 s');
    });
    context.server.signal('SIGCONT');
    await listening.untilHeard(2);
  });
});
