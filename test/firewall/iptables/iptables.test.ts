import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readConfig } from '../../../src/config/config.ts';
import { IPTABLES } from '../../../src/firewall/iptables/iptables.ts';
import { FakeFirewall } from '../../support/fake-firewall.ts';

const kind = suite('the kind of iptables');

kind(
  'opens a data plane that reads the family, and the chains of the prefix, that it is opened with',
  async () => {
    const read = readConfig('chainPrefix: ban-\n');
    if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
    const firewall = new FakeFirewall();
    firewall.edit('ipv6', '-N ban-x', '-A ban-x -s 2001:db8::7/128 -j DROP');

    const plane = IPTABLES.open({ config: read.config, now: () => 0 }, firewall, 'ipv6');

    assert.equal(plane.rulesIn(await plane.read(), 'ban-x'), ['-s 2001:db8::7/128 -j DROP']);
  },
);

kind.run();
