import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lastHeard } from '../../src/claims/last-heard.ts';
import { EMPTY_STATE } from '../../src/claims/state.ts';
import { ban, heard, snapshot, START, tell, unban } from './said.ts';

const test = suite('last heard');

test('the newest word of a server that the state holds something of tells when it was heard', () => {
  const state = heard(
    50,
    ban(10, 600),
    ban(5, 900, { ip: '203.0.113.8' }),
    snapshot(20, [], { server: 'web2' }),
    tell('stop', 30, { server: 'web3' }),
    tell('start', 40, { server: 'web4', ports: '22' }),
    ban(41, 600, { server: 'web5' }),
    unban(42, { server: 'web5' }),
  );

  const found = Array.from(lastHeard(state), ([server, time]) => `${server} ${(time - START) / 1000}`);

  assert.equal(found.sort(), ['web1 10', 'web2 20', 'web3 30', 'web4 40', 'web5 42']);
  assert.is(lastHeard(EMPTY_STATE).size, 0);
});

test.run();
