import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SeriesNames } from '../../src/status/series-names.ts';

const test = suite('the names of series');

test('are the first so many that came, whatever comes after them', () => {
  const names = new SeriesNames(2);

  assert.equal(
    ['sshd', 'nginx', 'a', 'sshd', 'b', 'nginx'].map((name) => names.of(name)),
    ['sshd', 'nginx', 'other', 'sshd', 'other', 'nginx'],
  );
});

test('are never more than their bound and one', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.nat(20), (all, most) => {
      const names = new SeriesNames(most);

      assert.ok(new Set(all.map((name) => names.of(name))).size <= most + 1);
    }),
  );
});

test.run();
