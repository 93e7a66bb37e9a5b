import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countMembers, eachMember, type Members } from '../../src/desired/members.ts';

const members = suite('members');

members('are those of all parts', () => {
  const mine: Members = new Map([
    ['ipv4/203', new Map([['203.0.113.7', 5]])],
    [
      'ipv4/198',
      new Map([
        ['198.51.100.7', 6],
        ['198.51.100.8', Infinity],
      ]),
    ],
  ]);

  assert.is(countMembers(mine), 3);
  assert.equal(
    [...eachMember(mine)],
    [
      ['203.0.113.7', 5],
      ['198.51.100.7', 6],
      ['198.51.100.8', Infinity],
    ],
  );
});

members.run();
