import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { untilQuiet } from '../../../src/system/firewall/quiet-table.ts';

const test = suite('a table');

test('is quiet once it is listed the same for a while, whatever its counters do', async () => {
  let looks = 0;
  /** Changes at the first looks, and counts packets at each. */
  const list = (): Promise<string> => {
    looks += 1;
    return Promise.resolve(`-A INPUT -c ${looks} ${looks * 60} -j x${Math.min(looks, 5)}`);
  };
  let atLast = 0;

  await untilQuiet(async () => {
    const listed = await list();
    if (looks === 5) atLast = performance.now();
    return listed;
  });

  const quiet = performance.now() - atLast;
  assert.ok(quiet >= 199, `${quiet} ms of quiet`);
  // Until it gives up it would be some fifty.
  assert.ok(looks > 5 && looks < 20, `${looks} looks`);
});

test.run();
