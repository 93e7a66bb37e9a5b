import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { concludeLists, enforcedCount } from '../../src/desired/conclude-lists.ts';
import { netOf } from '../../src/domain/net.ts';
import type { AllowedNet } from '../../src/policy/judge.ts';
import { tableOf } from '../lists/table-of.ts';

const concluding = suite('what lists ask for');

const allow = (text: string): AllowedNet => ({
  net: netOf(text),
  by: { code: 'policy', line: 1, note: undefined },
});
const own = (text: string): AllowedNet => ({ net: netOf(text), by: { code: 'own-address' } });

const table = tableOf(['9.9.9.0/24', '9.9.8.1', '9.9.8.3', '8.8.8.8', '2a00::/32'].map(netOf));

concluding('lets by what is allowed and touches the list, each once, and counts what that spares', () => {
  const allowed = [
    ...['9.9.8.0/24', '9.9.8.0/30', '9.9.9.7', '7.7.7.7'].map(allow),
    ...['8.8.8.8', '2a00::7'].map(own),
  ];

  const [list] = concludeLists([{ name: 'drop', table }], { allowed, basis: '' });

  assert.equal(
    list?.allowed.map(({ text }) => text),
    ['8.8.8.8', '9.9.8.0/24', '9.9.9.7', '2a00::7'],
  );
  assert.equal(list?.spared, { allowed: 2, own: 1 });
  assert.is(list === undefined ? undefined : enforcedCount(list), 2);
});

concluding('takes a list as it was while it holds the same and the same is allowed', () => {
  const lists = [{ name: 'drop', table }];
  const before = concludeLists(lists, { allowed: [], basis: 'nobody' });

  const same = concludeLists([{ name: 'drop', table }], { allowed: [], basis: 'nobody', before });
  const others = [
    concludeLists(lists, { allowed: [allow('8.8.8.8')], basis: 'somebody', before }),
    concludeLists([{ name: 'drop', table: tableOf([]) }], { allowed: [], basis: 'nobody', before }),
    concludeLists([{ name: 'other', table }], { allowed: [], basis: 'nobody', before }),
  ];

  assert.ok(same[0] === before[0]);
  for (const [other] of others) assert.ok(other !== undefined && other !== before[0]);
});

concluding.run();
