import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { safeParse } from 'valibot';
import { intentSchema, KNOWN_KEYS, MAX_SECONDS, type Fields } from '../../src/intent/fields.ts';

const fields = suite('the fields of an intent');

function read(values: Readonly<Record<string, unknown>>): Partial<Fields> | string {
  const { issues, output } = safeParse(intentSchema, { intent: 'ban', time: '10', ...values });
  return issues?.[0].message ?? (output as Fields);
}

function reasonOf(values: Readonly<Record<string, unknown>>): string {
  const found = read(values);
  return typeof found === 'string' ? found : 'taken';
}

const bantimeOf = (bantime: string | undefined): unknown => {
  const found = read(bantime === undefined ? {} : { bantime });
  return typeof found === 'string' ? 'refused' : found.bantime;
};

fields('hold times in milliseconds; without a bantime, or with -1, it is for ever', () => {
  assert.equal([undefined, '-1', '-1.0', '600', '0.25'].map(bantimeOf), [
    Infinity,
    Infinity,
    Infinity,
    600_000,
    250,
  ]);
  assert.equal(
    [bantimeOf('9'.repeat(400)), bantimeOf('-2'), bantimeOf('1d')],
    [MAX_SECONDS * 1000, 'refused', 'refused'],
  );
});

fields('that hold something else are told what is expected', () => {
  assert.match(reasonOf({ time: '1e9' }), /^"1e9" is not a number of seconds since 1970$/);
  assert.match(reasonOf({ time: '1'.repeat(12) }), /is too large: at most 99999999999 seconds$/);
  assert.match(reasonOf({ ip: '::' }), /^"::" is the unspecified address$/);
  assert.match(reasonOf({ ip: 'example.com' }), /host names are never resolved/);
  assert.match(reasonOf({ reason: 'r'.repeat(2_001) }), /is longer than 2000 characters$/);
});

fields('hold a reason in one line that hides nothing', () => {
  const found = read({ reason: ' one\n\t\u202etwo ' });

  assert.is(typeof found === 'string' ? found : found.reason, 'one two');
});

fields('that are known are those, and what fail2ban adds for people', () => {
  assert.equal(
    ['bantime', 'restored', 'of', 'colour'].map((key) => KNOWN_KEYS.has(key)),
    [true, true, false, false],
  );
});

fields.run();
