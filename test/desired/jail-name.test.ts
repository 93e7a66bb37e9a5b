import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { jailNameOf, jailNamesOf } from '../../src/desired/jail-name.ts';

const test = suite('the name by which a jail is desired');

test('is its own, and for rules of escalation one that no jail can have: of all about all ports the same', () => {
  const scope = { ports: '22', protocols: 'tcp' };
  const all = { ports: 'all', protocols: 'all' };

  assert.is(jailNameOf({ server: 'web1', jail: 'sshd', ...all }), 'sshd');
  assert.is(jailNameOf({ server: 'fw2/escalation', jail: 'two', ...all }), 'two');
  assert.is(jailNameOf({ server: 'escalation', jail: 'two', ...all }), '.escalation');
  assert.is(jailNameOf({ server: 'escalation', jail: 'sshd', ...scope }), '.escalation.sshd');
  assert.is(
    jailNameOf({ server: 'escalation', jail: 'two', ports: 'all', protocols: 'tcp' }),
    '.escalation.two',
  );
  assert.equal(jailNamesOf({ server: 'web1', jail: 'sshd' }), ['sshd']);
  assert.equal(jailNamesOf({ server: 'escalation', jail: 'sshd' }), ['.escalation', '.escalation.sshd']);
});

test.run();
