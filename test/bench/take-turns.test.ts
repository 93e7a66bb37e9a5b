import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { takeTurns, type Player } from './take-turns.ts';

const turns = suite('bench/take-turns');

/** The names in the order in which they had their turns, each wanting so many. */
async function played(wanted: Readonly<Record<string, number>>): Promise<string> {
  let order = '';
  const players = Object.entries(wanted).map(([name, most]): Player => {
    let left = most;
    return {
      play: () => {
        order += name;
        left -= 1;
        return Promise.resolve(left > 0);
      },
    };
  });
  await takeTurns(players);
  return order;
}

turns('two builds come in alternation, and neither is always the first of a pair', async () => {
  assert.is(await played({ A: 4, B: 4 }), 'ABBAABBA');
});

turns('one that ends early leaves its turns to the other', async () => {
  assert.is(await played({ A: 1, B: 4 }), 'ABBBB');
  assert.is(await played({ A: 4, B: 2 }), 'ABBAAA');
});

turns('one alone has all turns', async () => {
  assert.is(await played({ A: 3 }), 'AAA');
});

turns.run();
