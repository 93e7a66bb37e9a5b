import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FILE_KEYS, LIMIT_KEYS, LIMITS_KEYS, NET_KEYS } from '../../src/policy/policy-keys.ts';
import { readPolicy } from '../../src/policy/policy.ts';

const keys = suite('the keys of the policy');

/** What is said of a key that there is not. */
function mistakeOf(text: string): string | undefined {
  const read = readPolicy(text);
  return read.kind === 'mistakes' ? read.mistakes[0]?.message : undefined;
}

keys('are those that a mistake names, in every mapping', () => {
  const known = (names: object): RegExp => new RegExp(`the keys are ${Object.keys(names).join(', ')}$`);

  assert.match(mistakeOf('other: 1\n') ?? '', known(FILE_KEYS));
  assert.match(mistakeOf('allow: [{ net: 192.0.2.1, other: 1 }]\n') ?? '', known(NET_KEYS));
  assert.match(mistakeOf('limits: { other: 1 }\n') ?? '', known(LIMITS_KEYS));
  assert.match(mistakeOf('limits: { default: { other: 1 } }\n') ?? '', known(LIMIT_KEYS));
});

keys('may all be written', () => {
  const values = { claims: 1, prefix4: 8, prefix6: 8, bantime: '1d', jails: ['sshd'] };
  const limit = Object.fromEntries(
    Object.keys(LIMIT_KEYS).map((key) => [key, values[key as keyof typeof values]]),
  );
  const net = Object.fromEntries(
    Object.keys(NET_KEYS).map((key) => [key, { net: '192.0.2.1', note: 'a', until: '2027-01-01' }[key]]),
  );

  const policy = { allow: [net], deny: [net], limits: { default: limit, servers: { web1: limit } } };

  assert.equal(Object.keys(policy), Object.keys(FILE_KEYS));
  assert.equal(Object.keys(policy.limits), Object.keys(LIMITS_KEYS));
  assert.is(mistakeOf(JSON.stringify(policy)), undefined);
});

keys('have the limits that count where none is written', () => {
  const written = Object.entries(LIMIT_KEYS).filter(([key]) => key !== 'jails');
  const limit = written.map(([key, { otherwise }]) => `${key}: ${otherwise}`).join(', ');

  assert.equal(readPolicy(`limits: { default: { ${limit} } }\n`), readPolicy('{}'));
});

keys.run();
