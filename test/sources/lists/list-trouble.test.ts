import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeNote } from '../../../src/lists/fetched-note.ts';
import { shrunk, troubleOf } from '../../../src/sources/lists/list-trouble.ts';

const trouble = suite('what is wrong with a list');

const DAY = 24 * 3600 * 1000;
const NOW = Date.parse('2026-11-29T12:00:00Z');

const NOTE = {
  ...{
    version: 1,
    url: 'https://example.net/',
    source: 'x',
    etag: null,
    lastModified: null,
    bytes: 1,
    sha256: 'x',
  },
  ...{ fetchedAt: null, confirmedAt: null, triedAt: null, nextTry: null, failures: 1, error: null },
};
const noted = (parts: object): ReturnType<typeof decodeNote> =>
  decodeNote(JSON.stringify({ ...NOTE, ...parts }));

const WELL: Parameters<typeof troubleOf>[0] = {
  ...{ name: 'drop', path: '/lists/drop.txt', takenAt: NOW - 3 * DAY, bad: undefined },
  ...{ confirmed: NOW - DAY, stale: DAY, fetched: undefined },
};

trouble('is nothing while it was written not longer ago than that', () => {
  assert.is(troubleOf(WELL, NOW), undefined);
  assert.equal(troubleOf(WELL, NOW + 1), {
    reason: 'Stale',
    message:
      'list drop: /lists/drop.txt was written 2026-11-28 12:00:00 UTC, more than 1 d ago; ' +
      'its content of 2026-11-26 12:00:00 UTC stays in force',
  });
});

trouble('is what keeps the newest from counting, whether anything counts or not', () => {
  const bad = { reason: 'Missing', words: 'is missing' } as const;

  assert.is(
    troubleOf({ ...WELL, bad }, NOW)?.message,
    'list drop: /lists/drop.txt is missing; its content of 2026-11-26 12:00:00 UTC stays in force',
  );
  assert.is(
    troubleOf({ ...WELL, bad, takenAt: undefined }, NOW)?.message,
    'list drop: /lists/drop.txt is missing; nothing of it is enforced',
  );
  const short = shrunk({ now: 3, before: 1000, path: '/lists/drop.txt' });
  assert.match(
    troubleOf({ ...WELL, bad: short }, NOW)?.message ?? '',
    'had 1,000; fix: to accept it, touch /lists/',
  );
});

trouble('is that nothing came yet, or for long, where it is fetched, and why', () => {
  const error = { code: 'http', text: 'the server answered 503' };
  const bad = { reason: 'Missing', words: 'is missing' } as const;
  const of = (parts: Partial<typeof WELL>): string => {
    const { reason = '', message = '' } = troubleOf({ ...WELL, ...parts }, NOW) ?? {};
    return `${reason}: ${message}`;
  };

  assert.match(
    of({ fetched: null }),
    /^NothingYet: .* nothing was fetched yet; fix: systemctl start banspool-fetch;/,
  );
  assert.match(of({ fetched: noted({ error }), bad }), /^NothingYet: .* failed: the server answered 503;/);
  assert.match(
    of({ fetched: noted({ error }), confirmed: 0 }),
    /^Stale: .* was last confirmed .* answered 503;/,
  );
  assert.is(of({ fetched: noted({ error }) }), ': ');
});

trouble.run();
