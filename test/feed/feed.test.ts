/** The feed on disk: what is written when, and what is told of what could not be. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diffStates } from '../../src/claims/diff.ts';
import type { Config } from '../../src/config/config.ts';
import type { Problem } from '../../src/domain/conditions.ts';
import { Feed, feedFolder, tellFeed } from '../../src/feed/feed.ts';
import { lastEvents } from '../../src/feed/follow.ts';
import { ban, heard, millis } from '../claims/said.ts';
import { passOf } from '../status/pass-of.ts';

const feed = suite('feed/feed');

class Place implements Disposable {
  readonly runtime = mkdtempSync(join(tmpdir(), 'banspool-feed-'));
  readonly config = { runtime: this.runtime } as Config;
  readonly errors: string[] = [];
  readonly log = {
    error: (line: string) => this.errors.push(line),
    warn: () => undefined,
    info: () => undefined,
  };
  readonly now = (): number => millis(5);

  kinds(): readonly string[] {
    return lastEvents(feedFolder(this.config), 100).map((event) =>
      event.kind === 'more' ? `${event.count} ${event.of}` : event.kind,
    );
  }

  [Symbol.dispose](): void {
    rmSync(this.runtime, { recursive: true });
  }
}

const BANNED = passOf({ claimChanges: diffStates(heard(0), heard(5, ban(0, 600)), millis(5)) });
const UNSAVED: Problem = { condition: 'StateSaved', reason: 'WriteFailed', message: 'disk full' };

feed('has what passes did, and conditions that changed since anybody looked', () => {
  using place = new Place();
  const mine = new Feed(place, [
    { type: 'HooksPresent', status: 'False', reason: 'HookMissing', message: 'm' },
  ]);

  mine.passed(BANNED);
  mine.noteProblems([UNSAVED]);
  mine.write();
  mine.noteProblems([UNSAVED]);
  mine.write();

  assert.equal(place.kinds(), ['banned', 'condition', 'condition']);
  const told = lastEvents(feedFolder(place.config), 2).map((event) =>
    event.kind === 'condition' ? `${event.condition} ${event.status}` : '',
  );
  assert.equal(told.sort(), ['HooksPresent True', 'StateSaved False']);
});

feed('tells that a controller started and stopped', () => {
  using place = new Place();

  tellFeed(place, 'started');
  tellFeed(place, 'stopped');

  assert.equal(place.kinds(), ['started', 'stopped']);
});

feed('where it cannot be written is logged once, and counts what is missing when it can be again', () => {
  using place = new Place();
  const mine = new Feed(place, []);
  writeFileSync(feedFolder(place.config), 'in the way');
  for (let count = 0; count < 3; count += 1) {
    mine.passed(BANNED);
    mine.write();
  }
  rmSync(feedFolder(place.config));

  mine.write();
  mine.passed(BANNED);
  mine.write();

  assert.is(place.errors.length, 1);
  assert.match(place.errors[0] ?? '', /^cannot write .*events: /);
  assert.equal(place.kinds(), ['3 banned', 'banned']);
});

feed.run();
