import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseServices } from '../../src/domain/services.ts';
import { INTENT_KEYS, INTENTS, OPERATOR_KEY_TEXTS } from '../../src/intent/intent-keys.ts';
import { parseIntent } from '../../src/intent/parse.ts';

const keys = suite('the keys of an intent');

const VALUES: Readonly<Record<string, string>> = {
  ...{ jail: 'sshd', ip: '203.0.113.7', ports: 'ssh', protocol: 'tcp', time: '1795330538', bantime: '600' },
  ...{
    failures: '5',
    reason: 'a text',
    restored: '1',
    bans: '\n  - { ip: 203.0.113.7, time: 1, bantime: 1 }',
  },
  ...{ of: 'web1', within: 'true', confirm: '120', add: 'true' },
};

/** What the warnings of a file with all of these keys say. */
function warningsOf(intent: string, names: readonly string[], operator: boolean): readonly string[] | string {
  const text = names.map((key) => `${key}: ${key === 'intent' ? intent : VALUES[key]}\n`).join('');
  const services = parseServices('ssh 22/tcp\n');
  const read = parseIntent(Buffer.from(`${text}...\n`), { services, operator });
  return read.kind === 'intent' ? read.warnings : JSON.stringify(read.refusal);
}

keys('are all known, in each of the intents', () => {
  for (const intent of Object.keys(INTENTS))
    assert.equal(warningsOf(intent, Object.keys(INTENT_KEYS), false), [], intent);
});

keys('are more for an operator, and those are unknown of a server', () => {
  const names = [...Object.keys(INTENT_KEYS), ...Object.keys(OPERATOR_KEY_TEXTS)];

  assert.equal(warningsOf('unban', names, true), []);
  assert.is(warningsOf('unban', names, false).length, Object.keys(OPERATOR_KEY_TEXTS).length);
});

keys('say so of a word that is no intent', () => {
  assert.match(String(warningsOf('bann', Object.keys(INTENT_KEYS), false)), 'is not ban, prolong');
});

keys.run();
