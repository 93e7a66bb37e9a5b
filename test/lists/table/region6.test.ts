import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseNet, regionOf } from '../../../src/domain/net.ts';
import { region6 } from '../../../src/lists/table/region6.ts';
import { ipv6Text } from '../../support/arbitraries.ts';

const region = suite('the region of an IPv6 net as a number');

region('is that of its text', () => {
  fc.assert(
    fc.property(fc.oneof(ipv6Text, fc.constantFrom('::/0', '::1', '1::', '2001:db8::/32')), (text) => {
      const net = parseNet(text);

      if (typeof net?.bits === 'bigint') assert.is(region6(net.bits), regionOf('ipv6', net.text));
    }),
    { numRuns: 500 },
  );
});

region.run();
