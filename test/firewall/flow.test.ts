import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { droppedEnds } from '../../src/firewall/flow.ts';
import { netOf } from '../../src/domain/net.ts';

const flow = suite('flow');

/** As conntrack 1.4.7 and 1.4.8 print them; the last one is NATed on its way out. */
const LISTING = [
  'tcp      6 src=198.51.100.7 dst=203.0.113.10 sport=54824 dport=8080 src=203.0.113.10 dst=198.51.100.7 sport=8080 dport=54824 [OFFLOAD] mark=0 use=2',
  'tcp      6 src=198.51.100.7 dst=203.0.113.10 sport=54825 dport=8080 src=203.0.113.10 dst=198.51.100.7 sport=8080 dport=54825 [OFFLOAD] mark=0 use=2',
  'udp      17 src=198.51.100.200 dst=203.0.113.10 sport=5 dport=53 src=10.0.0.53 dst=198.51.100.200 sport=53 dport=5 [OFFLOAD] mark=0 use=2',
  'tcp      6 src=10.0.0.5 dst=192.0.2.80 sport=5 dport=443 src=192.0.2.80 dst=203.0.113.1 sport=443 dport=5 [HW_OFFLOAD] mark=0 use=2',
  'icmp     1 29 src=10.0.0.5 dst=192.0.2.81 type=8 code=0 id=1 src=192.0.2.81 dst=203.0.113.1 type=0 code=0 id=1 use=1',
  '',
].join('\n');

const judge = (dropped: readonly string[], allowed: readonly string[] = []) =>
  droppedEnds(LISTING, { dropped: new Set(dropped), allowed: allowed.map(netOf) });

flow('an address ends what it began and what it answers, once each', () => {
  assert.equal(judge(['198.51.100.7', '192.0.2.80', '203.0.113.99']), [
    { side: 'source', ip: '198.51.100.7' },
    { side: 'reply-source', ip: '192.0.2.80' },
  ]);
});

flow('a net ends those of the addresses in it, but for who is allowed', () => {
  assert.equal(judge(['198.51.100.0/24', '0.0.0.0/1'], ['198.51.100.7', '10.0.0.0/8']), [
    { side: 'source', ip: '198.51.100.200' },
  ]);
});

flow('only who sends counts: one who is only sent to is not dropped', () => {
  assert.equal(judge(['203.0.113.1']), []);
});

flow('addresses of IPv6 are known in any spelling', () => {
  const listing =
    'tcp 6 src=2001:0db8:0000:0000:0000:0000:0000:0007 dst=::1 src=::1 dst=2001:db8::7 [OFFLOAD]\n';

  assert.equal(droppedEnds(listing, { dropped: new Set(['2001:db8::7']), allowed: [] }), [
    { side: 'source', ip: '2001:0db8:0000:0000:0000:0000:0000:0007' },
  ]);
});

flow.run();
