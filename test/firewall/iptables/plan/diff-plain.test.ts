/** What `ipset list` printed of a plain set, held against what it should hold. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf, type Family } from '../../../../src/domain/net.ts';
import { diffPlain } from '../../../../src/firewall/iptables/plan/diff-plain.ts';
import { narrowNet } from '../../../lists/narrow-net.ts';
import { tableOf } from '../../../lists/table-of.ts';
import { membersIn } from '../../../../src/firewall/iptables/observed/listing-reader.ts';

const test = suite('the difference to the listing of a plain set');

const world = fc.constantFrom<Family>('ipv4', 'ipv6').chain((family) => {
  const nets = fc.array(narrowNet(family), { maxLength: 20 });
  return fc.record({ family: fc.constant(family), wanted: nets, others: nets, share: fc.nat({ max: 20 }) });
});

test('is what comparing each finds', () => {
  fc.assert(
    fc.property(world, ({ family, wanted, others, share }) => {
      const table = tableOf(wanted);
      const all = Array.from(table.parts(family).values()).flatMap((part) => [...part.keys()]);
      const strange = [...new Set(others.map(({ text }) => text))].filter((text) => !all.includes(text));
      const listed = [...all.slice(share), ...strange];

      const found = diffPlain(membersIn(listed.map((text) => `${text}\n`).join('')), table.parts(family));

      assert.equal(
        found?.added.map(({ text }) => text),
        all.slice(0, share),
      );
      assert.equal([found?.removed, found?.refreshed], [strange, []]);
    }),
  );
});

test('knows what ipset prints otherwise, and does not guess what more than a net means', () => {
  const { parts } = { parts: tableOf([netOf('64:ff9b::102:304')]).parts('ipv6') };

  assert.equal(diffPlain(membersIn('64:ff9b::1.2.3.4\n'), parts), { added: [], removed: [], refreshed: [] });
  for (const line of ['64:ff9b::1.2.3.4 nomatch', '192.0.2.1 timeout 7'])
    assert.is(diffPlain(membersIn(`${line}\n`), parts), undefined, line);
});

test.run();
