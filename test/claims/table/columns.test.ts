/** Columns are sorted, hold each saying once, and are the same for the same rows. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  areSameColumns,
  changeColumns,
  NO_COLUMNS,
  type Columns,
} from '../../../src/claims/table/columns.ts';
import type { Row } from '../../../src/claims/table/saying.ts';

const columns = suite('columns of claims');

function row(address: number, { server = 'web1', jail = 'sshd', heard = 5 } = {}): Row {
  return { address, ban: { heard, since: 5, until: 100 + address }, saying: { server, jail } };
}

function columnsOf(...added: readonly Row[]): Columns {
  return changeColumns(NO_COLUMNS, { dropped: new Set(), added });
}

columns('stand in order of addresses, those of one address in order of their sayings', () => {
  const { addresses, said, sayings, until } = columnsOf(
    row(0xcb007107),
    row(7, { server: 'web2' }),
    row(7),
    row(3, { server: 'web2' }),
  );

  assert.equal([...addresses], [3, 7, 7, 0xcb007107]);
  assert.equal(
    Array.from(said, (place) => sayings[place]?.server),
    ['web2', 'web1', 'web2', 'web1'],
  );
  assert.equal([...until], [103, 107, 107, 100 + 0xcb007107]);
  assert.equal(
    sayings.map(({ server }) => server),
    ['web2', 'web1'],
  );
});

columns('lose rows and gain others at once, and forget sayings that nobody has', () => {
  const before = columnsOf(row(1), row(2, { jail: 'web' }), row(3), row(9));

  const after = changeColumns(before, { dropped: new Set([1, 3]), added: [row(2), row(5), row(0)] });

  assert.equal([...after.addresses], [0, 1, 2, 3, 5]);
  assert.equal(after.sayings, [{ server: 'web1', jail: 'sshd' }]);
  assert.equal([...before.addresses], [1, 2, 3, 9]);
  assert.ok(areSameColumns(after, columnsOf(row(5), row(3), row(2), row(1), row(0))));
});

columns('keep one array for both times of bans that were all heard as they began', () => {
  const [alike, late] = [columnsOf(row(1), row(2)), columnsOf(row(1), row(2, { heard: 6 }))];

  assert.is(alike.heard, alike.since);
  assert.equal([...late.heard], [5, 6]);
  assert.not.ok(areSameColumns(alike, late));
});

columns.run();
