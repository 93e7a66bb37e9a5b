import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Top, type TopTerminal } from '../../src/top/top.ts';
import { ScreenShown } from '../support/screen-shown.ts';
import { bannedEvent, NOW, seenOf } from '../support/top-seen.ts';

const test = suite('top/top');

class Opened {
  readonly shown = new ScreenShown();
  written = 0;
  suspended = 0;
  looks = 0;
  size = { columns: 80, rows: 24 };
  isOrphaned = false;
  isUnreadable = false;
  readonly top: Top;

  constructor() {
    const terminal: TopTerminal = Object.defineProperties({} as TopTerminal, {
      size: { get: () => this.size },
      isOrphaned: { get: () => this.isOrphaned },
      write: {
        value: (text: string) => {
          this.written += text.length;
          this.shown.write(text);
        },
      },
      suspend: { value: () => (this.suspended += 1) },
    });
    const see = (): ReturnType<typeof seenOf> => {
      if (this.isUnreadable) throw new Error('it cannot be read');
      this.looks += 1;
      return seenOf({ now: NOW + this.looks * 1_000, events: [bannedEvent(`192.0.2.${this.looks}`)] });
    };
    this.top = new Top({ terminal, look: { charset: 'utf8', color: false }, see });
  }

  press(...keys: readonly string[]): void {
    for (const key of keys) this.top.key({ name: key, sequence: key });
  }
}

test('shows what it sees, writes only the lines that changed, and ends at q', async () => {
  const opened = new Opened();
  const running = opened.top.run();
  const first = opened.shown.text;
  const whole = opened.written;
  opened.top.refresh();
  const second = opened.shown.text;
  const change = opened.written - whole;

  opened.press('q');
  await running;

  assert.match(first, '192.0.2.1 in sshd');
  assert.match(second, '192.0.2.2 in sshd');
  assert.ok(change < whole / 4, `${change} of ${whole}`);
});

test('looks at nothing while it is paused, and keys still work', async () => {
  const opened = new Opened();
  const running = opened.top.run();
  opened.press('p');
  opened.top.refresh();
  opened.press('4');

  assert.is(opened.looks, 1);
  assert.match(opened.shown.text, 'paused at 12:00:01');
  assert.not.match(opened.shown.text, 'Servers');
  opened.press('p');
  opened.top.refresh();
  assert.is(opened.looks, 2);
  opened.press('q');
  await running;
});

test('draws all of it anew when it is asked, at the size that the terminal then has', async () => {
  const opened = new Opened();
  const running = opened.top.run();
  opened.size = { columns: 100, rows: 30 };

  opened.top.anew();
  const { lines } = opened.shown;
  opened.top.key({ name: 'l', ctrl: true });
  opened.top.key({ name: 'z', ctrl: true });
  opened.press('q');
  await running;

  assert.is(lines.length, 30);
  assert.ok(lines.every((line) => line.length === 100));
  assert.equal(opened.shown.lines, lines);
  assert.is(opened.suspended, 1);
});

test('ends where nobody can press a key any more', async () => {
  const opened = new Opened();
  const running = opened.top.run();
  opened.isOrphaned = true;

  opened.top.refresh();

  await running;
});

test('ends with the reason where what it shows cannot be read any more', async () => {
  const opened = new Opened();
  const running = opened.top.run();
  opened.isUnreadable = true;

  opened.top.refresh();

  const error = await running.catch((thrown: unknown) => thrown);
  assert.match(String(error), 'it cannot be read');
});

test.run();
