import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { collectGarbage } from '../../src/system/garbage.ts';

const test = suite('collecting garbage');

test('gives back what nothing refers to any more', () => {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  let litter: object[] | undefined = Array.from({ length: 300_000 }, (_, index) => ({
    index,
    also: [index],
  }));
  const during = process.memoryUsage().heapUsed;
  assert.is(litter.length, 300_000);
  litter = undefined;

  collectGarbage();

  const after = process.memoryUsage().heapUsed;
  assert.ok(during - before > 20_000_000, `${during - before} bytes were in use`);
  assert.ok(after - before < (during - before) / 4, `${after - before} bytes of them still are`);
});

test.run();
