import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countMembers, eachMember, memberOf, type Members } from '../../src/desired/members.ts';

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

members('are found by what is claimed, also where a network is dropped for it', () => {
  const jail = {
    members: new Map([['2001:db8::/64', 5]]),
    droppedFor: new Map([['2001:db8::7', '2001:db8::/64']]),
  };

  assert.equal(
    ['2001:db8::7', '2001:db8::/64', '2001:db8::8'].map((text) => memberOf(jail, text)),
    ['2001:db8::/64', '2001:db8::/64', undefined],
  );
});

members.run();
