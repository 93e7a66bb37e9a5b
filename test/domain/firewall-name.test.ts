import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isFirewallName } from '../../src/domain/firewall-name.ts';
import { runProgram } from '../support/run-program.ts';

const test = suite('the name of a firewall');

test('is one that git takes for a part of a branch', async () => {
  for (const name of ['fw1', 'fw-2.example', 'a.b', 'a.', '9']) {
    const { code } = await runProgram(['git', 'check-ref-format', `refs/heads/fw/${name}/claims`]);
    assert.equal([name, isFirewallName(name), code], [name, true, 0]);
  }
  for (const name of ['a..b', 'a.lock']) {
    const { code } = await runProgram(['git', 'check-ref-format', `refs/heads/fw/${name}/claims`]);
    assert.equal([name, isFirewallName(name), code], [name, false, 1]);
  }
});

test('is nothing that means more in a policy or among claimants, and nothing that a shell or a path could take for more', () => {
  const reserved = ['default', 'local', 'adopted', 'escalation'];
  const odd = ['', 'Fw1', 'fw1/claims', '../fw1', 'fw 1', '-fw', 'a'.repeat(64), 'fw1\n'];

  assert.equal([...reserved, ...odd].filter(isFirewallName), []);
});

test.run();
