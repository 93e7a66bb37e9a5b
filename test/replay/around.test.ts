import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { NetsAround } from '../../src/replay/around.ts';

const test = suite('replay/around');

test('are the nets around a net, and neither itself nor one beside it', () => {
  const nets = new NetsAround<string>();
  for (const text of ['10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16', '0.0.0.0/0', '::/0', '2001:db8::/64'])
    nets.put(netOf(text), text);

  assert.equal(nets.of(netOf('10.1.2.3')), ['10.0.0.0/8', '10.1.0.0/16', '0.0.0.0/0']);
  assert.equal(nets.of(netOf('10.1.0.0/16')), ['10.0.0.0/8', '0.0.0.0/0']);
  assert.equal(nets.of(netOf('2001:db8::7')), ['::/0', '2001:db8::/64']);
  assert.equal(nets.of(netOf('::/0')), []);
});

test.run();
