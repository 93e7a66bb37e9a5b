import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import {
  DEFAULT_LIMITS,
  jailsSchema,
  LIMIT_ENTRIES,
  limitsSchema,
  noServer,
  unknownKey,
  whole,
  withLimits,
} from '../../src/policy/limit-schemas.ts';

const schemas = suite('limits of policy.yaml');

/** What is said of a value; undefined where it is taken. */
function told(schema: v.GenericSchema, value: unknown): string | undefined {
  const read = v.safeParse(schema, value);
  return read.success ? undefined : read.issues[0].message;
}

schemas('are numbers in their bounds, and what is not is quoted', () => {
  const schema = whole(1, 32);

  assert.equal(
    [1, 32].map((value) => told(schema, value)),
    [undefined, undefined],
  );
  for (const value of [0, 33, 1.5, '8', null])
    assert.is(told(schema, value), `${JSON.stringify(value)} is not a whole number from 1 to 32`);
});

schemas('have bounds of their own: claims up to a million, prefixes of their family', () => {
  for (const [key, least, most] of [
    ['claims', 0, 1_000_000],
    ['prefix4', 1, 32],
    ['prefix6', 1, 128],
  ] as const) {
    const values = [least, most, least - 1, most + 1].map((value) => told(LIMIT_ENTRIES[key], value));
    const mistake = `is not a whole number from ${least} to ${most}`;
    assert.equal(values, [undefined, undefined, `${least - 1} ${mistake}`, `${most + 1} ${mistake}`], key);
  }
});

schemas('have a time, or never, of bans, and say what a letter may mean', () => {
  const read = (bantime: unknown): unknown => v.parse(limitsSchema, { bantime }).bantime;

  assert.equal([read('2h'), read(600), read('never')], [7_200_000, 600_000, Infinity]);
  assert.is(
    told(limitsSchema, { bantime: 'soon' }),
    '"soon" is not a time such as 600, 2h, 1d12h, 30d or 3mo, or never',
  );
  assert.match(told(limitsSchema, { bantime: '3M' }) ?? '', 'may be months or minutes');
  assert.match(told(limitsSchema, { bantime: 0 }) ?? '', '0 is not a time');
});

schemas('have a list of jails, each a name that a jail can have', () => {
  assert.is(told(jailsSchema, ['sshd', 'nginx-http-auth']), undefined);
  assert.is(told(jailsSchema, 'sshd'), '"sshd" is not a list of jails');
  for (const name of ['*', 5, 'a b'])
    assert.is(told(jailsSchema, [name]), `${JSON.stringify(name)} is not the name of a jail`);
});

schemas('quote a name that no server, and no firewall, can have', () => {
  assert.is(
    noServer({ input: 'Web1' }),
    '"Web1" is not a valid server name: 1-63 characters of a-z 0-9 . -, beginning with a letter or digit',
  );
});

schemas('tell the keys that there are, and what a key with a colon or a comma was to be', () => {
  const schema = v.strictObject({ a: v.optional(v.number()) }, unknownKey({ a: {}, b: {} }));

  assert.is(told(schema, { c: 1 }), 'unknown key; the keys are a, b');
  assert.is(told(schema, { 'a:1': null }), 'unknown key; the keys are a, b; add a space after the colon');
  assert.is(told(schema, { c: null }), 'unknown key; the keys are a, b; quote text that contains a comma');
  assert.is(told(schema, 'a'), 'expected a mapping with a, b');
  assert.is(told(schema, 'a:1'), 'expected a mapping with a, b; add a space after the colon');
});

schemas('are those of all, but for what is said of one', () => {
  const own = { claims: 5, prefix4: 8, prefix6: 9, bantime: 1000, jails: ['sshd'] };

  assert.equal(withLimits(DEFAULT_LIMITS, {}), DEFAULT_LIMITS);
  assert.equal(withLimits(DEFAULT_LIMITS, own), own);
  assert.equal(withLimits(own, { claims: 0 }), { ...own, claims: 0 });
});

schemas.run();
