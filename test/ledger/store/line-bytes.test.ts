/** Bytes of a line, read from left to right. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LineBytes } from '../../../src/ledger/store/line-bytes.ts';

const lineBytes = suite('bytes of a line');

/** Between other lines, so that who reads too far reads them. */
function lineOf(text: string): LineBytes {
  const bytes = Buffer.from(`7" {\n${text}\n7" }`);
  const start = bytes.indexOf('\n') + 1;
  return new LineBytes(bytes, start, bytes.lastIndexOf('\n'));
}

lineBytes('are read up to the end of the line, and no further', () => {
  const line = lineOf('ab"c');

  assert.not(line.skip(Buffer.from('b')));
  assert.ok(line.skip(Buffer.from('a')));
  assert.is(line.bytes.toString('latin1', line.at, line.toQuote()), 'b');
  assert.not(line.skip(Buffer.from('c\n7')));
  assert.not(line.isOver);
  assert.ok(line.skip(Buffer.from('c')));
  assert.ok(line.isOver);
});

lineBytes('that are not as they should be leave nothing to read', () => {
  for (const text of ['no quote', '']) {
    const line = lineOf(text);

    line.toQuote();

    assert.not(line.isOver, text);
    assert.not(line.skip(Buffer.from('7')), text);
  }
});

lineBytes('hold a time only with the quote behind it', () => {
  const times = ['2026-11-22T13:30:00.250Z"', '2026-11-22T13:30:00.250Z', '2026-11-22T13:30:00Z"'];

  assert.equal(
    times.map((text) => lineOf(text).time()),
    [Date.UTC(2026, 10, 22, 13, 30, 0, 250), NaN, NaN],
  );
});

lineBytes('hold a whole number as JSON has it, or are spoilt', () => {
  const text = fc.oneof(fc.nat().map(String), fc.constantFrom('', '00', '012', '-1', 'x', '9'.repeat(16)));

  fc.assert(
    fc.property(text, (digits) => {
      const line = lineOf(digits);

      const number = line.number();

      const isOne = /^(0|[1-9]\d{0,14})$/.test(digits);
      assert.is(number, isOne ? Number(digits) : undefined);
      assert.is(line.isOver, isOne);
    }),
  );
});

lineBytes.run();
