import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { aheadMatrix } from '../../src/report/ahead-of.ts';

const test = suite('a matrix of who protected whom');

test('has a row and a column for each server, those that were first most often first', () => {
  const matrix = aheadMatrix([
    { first: 'web1', addresses: 20, alsoBannedBy: { mail: 8 }, spared: { mail: 12, web2: 20 } },
    { first: 'mail', addresses: 5, alsoBannedBy: {}, spared: { web1: 5, web2: 5 } },
  ]);

  assert.equal(matrix, {
    servers: ['web1', 'mail', 'web2'],
    first: [20, 5, 0],
    spared: [
      [0, 12, 20],
      [5, 0, 5],
      [0, 0, 0],
    ],
  });
});

test('has no more than eight servers', () => {
  const table = Array.from({ length: 20 }, (_, index) => ({
    ...{ first: `web${index}`, addresses: 20 - index, alsoBannedBy: {}, spared: {} },
  }));

  const { servers, spared } = aheadMatrix(table);

  assert.equal([servers.length, spared.length, servers[7]], [8, 8, 'web7']);
});

test.run();
