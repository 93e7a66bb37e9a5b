import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  chainOfSet,
  draftSetOf,
  familyOfSet,
  isDraftSet,
  setOf,
  spareSetOf,
} from '../../../../src/firewall/iptables/rules/set.ts';

const test = suite('the name of a set');

const CHAIN = 'fail2ban-'.padEnd(28, 'x');

for (const family of ['ipv4', 'ipv6'] as const) {
  test(`tells its chain, its family and whether it is a draft, and ipset takes it (${family})`, () => {
    const names = [setOf(CHAIN, family), spareSetOf(CHAIN, family)];
    const drafts = names.map(draftSetOf);

    assert.is(new Set([...names, ...drafts]).size, 4);
    for (const name of [...names, ...drafts]) {
      assert.is(chainOfSet(name), CHAIN, name);
      assert.is(familyOfSet(name), family, name);
      // IPSET_MAXNAMELEN is 32, with the end of the text.
      assert.ok(name.length <= 31, name);
      assert.is(isDraftSet(name), drafts.includes(name), name);
    }
  });
}

test.run();
