import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { splitterAround } from '../../src/exports/split-around.ts';

const test = suite('a net split around what is allowed');

function split(net: string, ...allowed: readonly string[]): readonly string[] {
  return splitterAround(allowed.map(netOf))(netOf(net)).map(({ text }) => text);
}

test('is the fewest nets that hold the rest', () => {
  assert.equal(split('192.0.2.0/29', '192.0.2.2'), ['192.0.2.0/31', '192.0.2.3', '192.0.2.4/30']);
  assert.equal(split('2001:db8::/63', '2001:db8:0:1::/64'), ['2001:db8::/64']);
  assert.equal(split('0.0.0.0/0', '128.0.0.0/1'), ['0.0.0.0/1']);
  assert.is(split('::/0', '::1').length, 128);
});

test('is itself where nothing of it is allowed, and nothing where all of it is', () => {
  assert.equal(split('192.0.2.0/24', '192.0.3.0', '192.0.1.255', '2001:db8::'), ['192.0.2.0/24']);
  assert.equal(split('192.0.2.0/24', '192.0.0.0/16', '192.0.2.7'), []);
  assert.equal(split('192.0.2.0/24', '192.0.2.0/25', '192.0.2.128/25'), []);
});

test.run();
