import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LATE, untilAllEnded, withPatience } from '../../src/system/patience.ts';

const test = suite('patience');

const never = new Promise<string>(() => undefined);

test('gives what comes in time, an error too', async () => {
  assert.is(await withPatience(Promise.resolve('here'), 3_600_000), 'here');
  const failure = await withPatience(Promise.reject(new Error('broken')), 3_600_000).catch(String);
  assert.is(failure, 'Error: broken');
});

test('ends when time is up', async () => {
  assert.is(await withPatience(never, 1), LATE);
});

test('leaves no timer behind that would keep the process', async () => {
  await withPatience(Promise.resolve('here'), 3_600_000);

  assert.not.ok(process.getActiveResourcesInfo().includes('Timeout'));
});

test('lets an error that comes too late end nothing', async () => {
  let fail: (error: Error) => void = () => undefined;
  const failing = new Promise<string>((_, reject) => (fail = reject));

  assert.is(await withPatience(failing, 1), LATE);
  fail(new Error('too late'));
  // Node ends a process in which a promise fails that nobody listens to.
  await new Promise((resolve) => setImmediate(resolve));
});

test('until all ended gives what each came to', async () => {
  assert.equal(await untilAllEnded([Promise.resolve(1), Promise.resolve('two')]), [1, 'two']);
});

test('until all ended fails as one of them does, once the others have ended', async () => {
  let end = (): void => undefined;
  const ended: string[] = [];
  const slow = new Promise<void>((resolve) => (end = resolve)).then(() => void ended.push('slow'));

  const all = untilAllEnded([Promise.reject(new Error('broken')), slow]).catch((error: unknown) => {
    ended.push(String(error));
  });
  await new Promise(setImmediate);
  const before = [...ended];
  end();
  await all;

  assert.equal([before, ended], [[], ['slow', 'Error: broken']]);
});

test.run();
