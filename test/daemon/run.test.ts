import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runController } from '../../src/daemon/run.ts';
import type { Notify } from '../../src/system/notify.ts';
import type { World } from '../../src/world/world.ts';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { keyOf } from '../support/fleet-of-memory.ts';
import { iptables } from '../support/firewall.ts';
import { banText, snapshotText, unbanText } from '../support/intent-text.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { untilDropped, untilLetThrough, watchLetThrough } from '../support/until-dropped.ts';

const test = suite('the controller');
const resting = suite('the controller at rest');

const ATTACKER = '198.51.100.7';

test('enforces an intent as soon as it is in the spool', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();

  sandbox.drop('web1', banText(ATTACKER));
  await untilDropped(ATTACKER);
  sandbox.drop('web1', unbanText(ATTACKER));

  await untilLetThrough(ATTACKER);
});

test('lets an address through within a second of the end of its ban, though no unban comes', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();

  const time = Date.now();
  sandbox.drop('web1', banText(ATTACKER, { time: time / 1000, bantime: 5 }));
  await untilDropped(ATTACKER);
  const { after, before } = await watchLetThrough(ATTACKER);

  const end = time + 5_000;
  assert.ok(before >= end && after < end + 1_000, `${after - end} to ${before - end} ms late`);
});

test('repairs what another program flushed with the next full pass, and says so', async () => {
  await using sandbox = await Sandbox.open({ config: { interval: '1s' } });
  const controller = await sandbox.startController();
  sandbox.drop('web1', banText(ATTACKER));
  // The whole pass: what is flushed while it still looks whether all went well, it repairs without a word.
  await eventually(() => {
    assert.is(sandbox.status().bans, 1);
  });

  await iptables(['-F']);

  await untilDropped(ATTACKER);
  await eventually(() => {
    assert.match(controller.stderr, /warning: drift: /);
  });
});

test('shares the state with a reconcile that runs beside it', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();
  for (let host = 1; host <= 20; host += 1) sandbox.drop('web1', banText(`198.51.100.${host}`));

  const runs = await Promise.all([sandbox.cli('reconcile'), sandbox.cli('reconcile')]);

  assert.equal(
    runs.map(({ code }) => code),
    [0, 0],
    runs.map(({ stderr }) => stderr).join(''),
  );
  await eventually(() => {
    assert.is(sandbox.status().bans, 20);
  });
  assert.is(await sandbox.git('status', '--porcelain'), '');
});

test('gives back what ten thousand claims left behind when it is done with them', async () => {
  await using sandbox = await Sandbox.open();
  const [node = '', ...words] = sandbox.command('run');
  await using controller = new Child([node, '--trace-gc', ...words]);
  const many = Array.from({ length: 10_000 }, (_, index) => `10.1.${index >> 8}.${index & 255}`);

  sandbox.drop('web1', snapshotText(many.slice(0, 5_000)));
  await eventually(() => {
    assert.is(sandbox.status().claims, 5_000);
  });
  // What the start left behind, where that is over by now.
  const before = askedFor(controller);
  sandbox.drop('web1', snapshotText(many));

  await eventually(() => {
    assert.ok(askedFor(controller) > before);
  }, 20_000);
  assert.ok(askedFor(controller) <= 2);
  assert.is(sandbox.status().claims, 10_000);
});

/** Collections that were asked for, and not V8's own idea. */
function askedFor({ stdout }: Child): number {
  return stdout.match(/Mark-Compact .* testing; /gi)?.length ?? 0;
}

const SILENT: Notify = { send: () => Promise.resolve(), watchdogMs: undefined };

/** Runs it in this process for as long as `look` takes. */
async function whileRunning(world: World, look: () => Promise<void>): Promise<void> {
  const ending = new AbortController();
  const running = runController(world, { notify: SILENT, signal: ending.signal });
  try {
    await look();
  } finally {
    ending.abort();
    await running;
  }
}

resting(
  'a file that can be neither taken in nor moved away causes one pass, however often it is looked at',
  async () => {
    await using sandbox = await Sandbox.open();
    sandbox.drop('web1', 'intent: nonsense\n...\n');
    const real = worldOf(sandbox);
    // Each pass takes the lock once.
    const counts = { looks: 0, passes: 0 };
    const world: World = {
      ...real,
      // Its start is a reason for a pass.
      openNftMonitor: () => ({ silence: () => undefined, close: () => undefined }),
      takeLock: async (...args) => {
        counts.passes += 1;
        return real.takeLock(...args);
      },
      spoolFiles: {
        ...real.spoolFiles,
        entries: (folder) => {
          if (folder === sandbox.spool) counts.looks += 1;
          return real.spoolFiles.entries(folder);
        },
      },
      rejectedFiles: {
        ...real.rejectedFiles,
        writeReason: () => {
          throw new Error('EROFS');
        },
      },
    };

    await whileRunning(world, async () => {
      // What rang while the first pass was made is over by then.
      const untilLooks = async (more: number): Promise<void> => {
        const from = counts.looks;
        await eventually(() => {
          assert.ok(counts.looks >= from + more);
        });
      };
      await untilLooks(5);
      const settled = counts.passes;
      await untilLooks(5);

      assert.is(counts.passes, settled);
      assert.match(
        sandbox
          .status()
          .conditions.map(({ reason }) => reason)
          .join(),
        'CannotReject',
      );
    });
  },
);

resting(
  'a pass that fails is tried again after a second, and then after two, whatever rings meanwhile',
  async () => {
    await using sandbox = await Sandbox.open();
    const tries: number[] = [];
    const world: World = {
      ...worldOf(sandbox),
      takeLock: () => {
        tries.push(performance.now());
        // Each bell that rings is one that comes to a controller that may not try.
        sandbox.drop('web1', 'intent: nonsense\n...\n');
        return Promise.reject(new Error('cannot lock'));
      },
    };

    await whileRunning(world, async () => {
      await eventually(() => {
        assert.ok(tries.length >= 3);
      });
    });

    const waits = tries.slice(1).map((time, index) => Math.round(time - (tries[index] ?? 0)));
    assert.ok((waits[0] ?? 0) >= 990, waits.join());
    assert.ok((waits[1] ?? 0) >= 1_990, waits.join());
  },
);

resting('whoever brings what peers published causes no more than four passes a second', async () => {
  await using sandbox = await Sandbox.open();
  const folder = join(sandbox.folder, 'fleet');
  mkdirSync(join(folder, 'in/fw2'), { recursive: true });
  sandbox.configure({ fleet: `{ name: fw1, folder: ${folder}, key: ${join(sandbox.folder, 'key')} }` });
  const { base64 } = keyOf('fw2').key;
  sandbox.writePolicy(`peers: { fw2: { key: "ssh-ed25519 ${base64}" } }\n`);
  const begins: number[] = [];
  const real = worldOf(sandbox);
  const world: World = {
    ...real,
    takeLock: async (...args) => {
      begins.push(performance.now());
      return real.takeLock(...args);
    },
  };

  let round = 0;
  const touching = setInterval(() => {
    writeFileSync(join(folder, 'in/fw2/peer.yaml'), `${round++}`);
  }, 5);
  await whileRunning(world, async () => {
    await eventually(() => {
      assert.ok(begins.length >= 12);
    });
  });
  clearInterval(touching);

  // A few are of its start.
  const [first = 0, last = 0] = [begins[0], begins.at(-1)];
  assert.ok(last - first >= 250 * (begins.length - 5), `${begins.length} in ${Math.round(last - first)} ms`);
});

test.run();
resting.run();
