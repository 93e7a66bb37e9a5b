import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Leavings } from '../../src/daemon/leavings.ts';
import { eventually } from '../support/eventually.ts';

const test = suite('daemon/leavings');

test('of a start are collected once it is over, unless that was done or the controller ends', async () => {
  const collected: string[] = [];
  const [few, many, ended] = ['few', 'many', 'ended'].map(
    (name) => new Leavings(() => void collected.push(name), 0),
  );

  for (const each of [few, many, ended]) each?.started();
  many?.changed(10_000);
  many?.rest();
  ended?.stop();
  await eventually(() => {
    assert.equal(collected, ['many', 'few']);
  });
});

test('of ten thousand claims are collected once', () => {
  let collections = 0;
  const leavings = new Leavings(() => (collections += 1));

  for (let pass = 0; pass < 5; pass += 1) {
    leavings.changed(2_500);
    leavings.rest();
  }

  assert.is(collections, 1);
});

test.run();
