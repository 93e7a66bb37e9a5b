import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { refusalText, type Refusal } from '../../src/domain/refusals.ts';
import { formatReason, parseReason } from '../../src/spool/reason-file.ts';

const test = suite('the reason of a refused file');

const AT = Date.UTC(2026, 10, 22);
const REFUSAL: Refusal = { code: 'wrong-field', field: 'ip', fault: '"x" is not an address' };

test('is read as it was written, whatever the file was called', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const odd = `${name}\nreason: forged\ncode: odd\u2028`;
      const told = parseReason(formatReason({ server: 'web1', name: odd, refusal: REFUSAL }, AT));

      assert.equal([told.at, told.code, told.reason], [AT, 'wrong-field', refusalText(REFUSAL)]);
      assert.match(told.file ?? '', /^web1\//);
      assert.not.match(told.file ?? '', /[\p{C}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test('is what a person, or an earlier version, left of it', () => {
  const old = parseReason('refused: 2026-11-22T00:00:00.000Z\nfile: web1/a.yaml\nreason: too wide\n');
  const edited = parseReason('refused: some day\nreason: \u001b[2Jx\u009b\n');

  assert.equal(old, { at: AT, file: 'web1/a.yaml', code: undefined, reason: 'too wide' });
  assert.equal(edited, { at: undefined, file: undefined, code: undefined, reason: ' [2Jx' });
});

test.run();
