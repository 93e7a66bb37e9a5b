import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HostsDraft } from '../../../../src/firewall/iptables/observed/hosts-draft.ts';

const test = suite('columns of listed hosts');

function read(lines: readonly string[]): readonly unknown[] {
  const draft = new HostsDraft();
  const places = lines.map((line) => draft.read(Buffer.from(`x${line}\n`), 1));
  const { addresses, left, counts } = draft.columns();
  return [places, [...addresses], [...left], counts && [[...counts.packets], [...counts.bytes]]];
}

test('take the line of a host, and tell the place behind it; of another one they tell 0', () => {
  assert.equal(read(['0.0.0.1 timeout 8', '0.0.0.1/24 timeout 8', '0.0.0.2', '0.0.0.3 timeout 9']), [
    ...[[19, 0, 0, 19], [1, 3], [8, 9], undefined],
  ]);
});

test('count from the first that counts anything, and go on when they grow', () => {
  const lines = Array.from({ length: 200 }, (_, index) => `0.0.0.${index} timeout 0`);
  const counting = lines.map((line, index) => (index < 100 ? line : `${line} packets ${index} bytes 7`));

  const [, addresses, , counts] = read(counting);

  assert.equal(
    addresses,
    lines.map((_, index) => index),
  );
  assert.equal(counts, [
    lines.map((_, index) => (index < 100 ? 0 : index)),
    lines.map((_, index) => (index < 100 ? 0 : 7)),
  ]);
});

test.run();
