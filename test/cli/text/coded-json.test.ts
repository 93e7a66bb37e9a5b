import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codedJson } from '../../../src/cli/text/coded-json.ts';
import { netOf } from '../../../src/domain/net.ts';

const test = suite('a code in JSON');

test('has its details as fields, nets as text, and its words beside them', () => {
  const by = { code: 'policy', line: 3, note: undefined };
  const value = { code: 'allowed', net: netOf('192.0.2.0/24'), by, jails: ['sshd'] };

  assert.equal(codedJson(value, 'inside'), {
    ...{ code: 'allowed', net: '192.0.2.0/24', jails: ['sshd'], text: 'inside' },
    by: { code: 'policy', line: 3, note: null },
  });
});

test.run();
