import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { trafficOf } from '../../src/desired/traffic.ts';

const traffic = suite('the traffic of a jail');

const of = (...scopes: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(trafficOf(new Set(scopes)));

traffic('is that of all its claims, by protocol', () => {
  assert.equal(of('tcp 22', 'tcp,udp 80:90', 'tcp 85:95'), {
    tcp: [
      [22, 22],
      [80, 95],
    ],
    udp: [[80, 90]],
  });
});

traffic('is of all ports where the protocol has none, or where they cannot be read', () => {
  assert.equal(of('icmp 22'), { icmp: 'all' });
  assert.equal(of('tcp ssh'), { tcp: 'all' });
  assert.equal(of('nonsense 22'), { tcp: [[22, 22]] });
});

traffic('of certain ports of all protocols is that of the protocols that have ports', () => {
  assert.equal(Object.keys(of('all 22')).sort(), ['dccp', 'sctp', 'tcp', 'udp']);
  assert.equal(of('all all'), { all: 'all' });
});

traffic('of more scopes than anybody has is about all ports', () => {
  const scopes = Array.from({ length: 501 }, (_, index) => `tcp ${index * 2 + 1}`);

  assert.is((of(...scopes.slice(1))['tcp'] as readonly unknown[]).length, 500);
  assert.equal(of(...scopes), { tcp: 'all' });
});

traffic.run();
