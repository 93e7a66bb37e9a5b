import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { listFindings } from '../../src/doctor/diagnose-lists.ts';
import { encodeNote, notePath, sourceOf, type FetchedNote } from '../../src/lists/fetched-note.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('doctor on lists from the network');

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const URL_OF_LIST = 'https://lists.example.org/drop.txt';

async function openSandbox(): Promise<Sandbox> {
  const sandbox = await Sandbox.open();
  sandbox.writePolicy(
    `lists:\n  - { name: drop, url: "${URL_OF_LIST}" }\n  - { name: own, file: own.txt }\n`,
  );
  writeFileSync(join(sandbox.folder, 'fetch.json'), '{}');
  return sandbox;
}

/** What is found, where the fetcher noted so. */
async function found(sandbox: Sandbox, changed?: Partial<FetchedNote>): Promise<string> {
  const fetched = join(sandbox.folder, 'lists/fetched');
  const now = Date.now();
  if (changed !== undefined) {
    mkdirSync(fetched, { recursive: true });
    const note: FetchedNote = {
      ...{ version: 1, url: URL_OF_LIST, source: sourceOf(URL_OF_LIST), etag: null, lastModified: null },
      ...{ fetchedAt: now - DAY, confirmedAt: now - HOUR, bytes: 1, sha256: '', triedAt: now - HOUR },
      ...{ failures: 0, error: null, nextTry: now + HOUR, ...changed },
    };
    writeFileSync(notePath(fetched, 'drop'), encodeNote(note));
  }
  const findings = await listFindings(worldOf(sandbox));
  return findings.map(({ level, what, mend = '' }) => `${level} ${what} | ${mend}`).join('\n');
}

test('says nothing where no list comes from the network', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('lists: [{ name: own, file: own.txt }]\n');

  assert.is(await found(sandbox), '');
});

test('says of each list whether its server was heard', async () => {
  await using sandbox = await openSandbox();

  assert.is(await found(sandbox, {}), 'good the list drop was last confirmed by its server 1 h ago | ');
});

test('says that the fetcher does not run, and how to start it', async () => {
  await using sandbox = await openSandbox();
  const start = 'systemctl enable --now banspool-fetch.timer';

  assert.match(
    await found(sandbox),
    `bad the list drop was not fetched yet | ${start}; banspool fetch --list drop`,
  );
  assert.match(
    await found(sandbox, { source: sourceOf('https://other/') }),
    'bad the list drop was not fetched yet',
  );
  assert.match(
    await found(sandbox, { nextTry: Date.now() - HOUR, triedAt: Date.now() - 13 * HOUR }),
    `bad the fetcher does not run: it should have asked for the list drop 1 h ago; the last time was 13 h ago | ${start}`,
  );
  assert.match(await found(sandbox, { nextTry: Date.now() - 20 * MINUTE }), /^good/);
});

test('says that the controller did not tell which lists to fetch', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy(`lists: [{ name: drop, url: "${URL_OF_LIST}" }]\n`);

  assert.match(
    await found(sandbox),
    /^bad the controller has not told the fetcher yet .* \| systemctl start banspool/,
  );
});

test('says why a server did not send a list, which is bad once the list is stale', async () => {
  await using sandbox = await openSandbox();
  const failed = { error: { code: 'html', text: 'got a page of HTML, not a list' }, failures: 3 };

  assert.is(
    await found(sandbox, failed),
    'warn the list drop cannot be fetched (3 tries): got a page of HTML, not a list; its last content stays' +
      ' | banspool fetch --list drop --now shows what the server answers',
  );
  assert.match(
    await found(sandbox, { ...failed, confirmedAt: Date.now() - 8 * DAY }),
    /^bad .* its last content stays/,
  );
  assert.match(await found(sandbox, { ...failed, confirmedAt: null }), /^bad .*; it has no content yet/);
});

test.run();
