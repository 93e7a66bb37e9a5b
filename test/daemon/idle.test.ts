/** That the controller makes no passes for nothing: counted by the lock, which each pass takes once. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runController } from '../../src/daemon/run.ts';
import type { World } from '../../src/world/world.ts';
import type { Notify } from '../../src/system/notify.ts';
import { eventually } from '../support/eventually.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the controller at rest');

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

test('a file that can be neither taken in nor moved away causes one pass, however often it is looked at', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', 'intent: nonsense\n...\n');
  const real = worldOf(sandbox);
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
});

test('a pass that fails is tried again after a second, and then after two, whatever rings meanwhile', async () => {
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
});

test.run();
