import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { contains, netOf } from '../../../src/domain/net.ts';
import { SPECIAL_NETS } from '../../../src/lists/judge/special-nets.ts';

const special = suite('special nets');

const isSpecial = (text: string): boolean => SPECIAL_NETS.some((net) => contains(net, netOf(text)));

special('are those in which no host of the internet is', () => {
  const inside = [
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.31.255.255', '192.168.0.1'],
    ...['224.0.0.1', '255.255.255.255', '::', '::1', 'fd12::1', 'fe80::1', 'ff02::1'],
  ];

  assert.equal(
    inside.filter((text) => !isSpecial(text)),
    [],
  );
});

special('are not their neighbours, and not the nets of documentation', () => {
  const outside = [
    ...[
      '1.0.0.1',
      '9.255.255.255',
      '11.0.0.0',
      '100.128.0.0',
      '172.32.0.0',
      '192.167.255.255',
      '223.255.255.255',
    ],
    ...['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '2a00::1', '::2'],
  ];

  assert.equal(outside.filter(isSpecial), []);
});

special.run();
