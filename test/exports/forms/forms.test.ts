import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareNets } from '../../../src/domain/net.ts';
import { FORMS } from '../../../src/exports/forms/forms.ts';
import { EXPORT_FORMATS } from '../../../src/policy/export-schema.ts';
import { anyNet, jailName } from '../../support/arbitraries.ts';
import { textOf } from '../entries.ts';

const test = suite('the forms');

const anyEntries = fc
  .array(
    fc.record({ net: anyNet, until: fc.constant(Infinity), jails: fc.array(jailName, { minLength: 1 }) }),
    {
      maxLength: 6,
    },
  )
  .map((entries) => [...entries].sort((a, b) => compareNets(a.net, b.net)));

test('of each format name every entry, and write no line that a stranger could have written', () => {
  fc.assert(
    fc.property(anyEntries, fc.constantFrom(...EXPORT_FORMATS), (entries, format) => {
      const text = textOf(FORMS[format], { entries });

      for (const { net } of entries) assert.ok(text.includes(net.text), `${format} ${net.text}`);
      assert.not.match(text.replace(/\r?\n/g, ''), /[^\x20-\x7e]/);
    }),
  );
});

test.run();
