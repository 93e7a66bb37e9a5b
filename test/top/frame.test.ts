import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cellsOf } from '../../src/top/cells.ts';
import { makeFrame, SMALLEST, type FrameOptions } from '../../src/top/frame.ts';
import { paintedText, plainText } from '../../src/top/line.ts';
import { makeScreen } from '../../src/top/screen.ts';
import type { Seen } from '../../src/top/seen.ts';
import { FIRST_VIEW, PANES, type View } from '../../src/top/view.ts';
import {
  banOf,
  bannedEvent,
  hostileSeen,
  hostileText,
  seenOf,
  serverOf,
  STATUS,
} from '../support/top-seen.ts';

const test = suite('top/frame');

function frameOf(
  seen: Seen,
  options: Partial<FrameOptions> & { readonly view?: View } = {},
): readonly string[] {
  const { view = FIRST_VIEW, columns = 80, rows = 24, charset = 'utf8' } = options;
  const screen = makeScreen(seen, view, rows);
  return makeFrame(screen, { columns, rows, charset, view }).lines.map(plainText);
}

const BUSY = seenOf({
  status: { ...STATUS, servers: [serverOf('web1'), serverOf('web2')] },
  events: Array.from({ length: 30 }, (_, index) => bannedEvent(`198.51.100.${index}`)),
  bans: {
    ...{ kind: 'read', at: 0, peers: [], uncounted: undefined },
    bans: Array.from({ length: 30 }, (_, index) => banOf(`203.0.113.${index}`, { packets: 30 - index })),
  },
});

test('no line is wider than the terminal, nor are there more than it has, of any text and at any size', () => {
  fc.assert(
    fc.property(
      hostileSeen,
      fc.record({ columns: fc.integer({ min: 1, max: 260 }), rows: fc.integer({ min: 1, max: 80 }) }),
      fc.record({
        pane: fc.constantFrom(...PANES),
        sort: fc.constantFrom('packets', 'rate', 'servers', 'jail', 'address'),
        ...{ filter: fc.constantFrom('', 'a', '['), isTyping: fc.boolean(), isPaused: fc.boolean() },
        ...{ isHelp: fc.boolean(), offset: fc.nat(40) },
      }) satisfies fc.Arbitrary<View>,
      (seen, size, view) => {
        const lines = frameOf(seen, { ...size, view });

        assert.is(lines.length, size.rows);
        for (const line of lines) {
          assert.is(cellsOf(line), size.columns);
          assert.not.match(line, /[\p{C}\p{M}]/u);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test('nothing that a stranger wrote reaches the terminal as a command', () => {
  fc.assert(
    fc.property(hostileSeen, hostileText, (seen, filter) => {
      const view = { ...FIRST_VIEW, filter };
      const { lines } = makeFrame(makeScreen(seen, view, 50), {
        columns: 200,
        rows: 50,
        charset: 'utf8',
        view,
      });

      for (const line of lines) {
        const text = paintedText(line, { charset: 'utf8', color: true });
        assert.not.match(text.replace(/\u001b\[(0|1|2|33|36|1;3[12])m/g, ''), /[\p{C}\p{M}]/u);
      }
    }),
    { numRuns: 50 },
  );
});

test('the verdict and the age of the last check stand in the first line at every size', () => {
  for (const columns of [SMALLEST.columns, 60, 80, 120, 200]) {
    const [first = ''] = frameOf(BUSY, { columns });

    assert.match(first, /^ converged .*checked 3 s ago/);
  }
  assert.match(frameOf(BUSY, { columns: 80 })[0] ?? '', /2 bans, 3 claims .*12:00:00 UTC {2}fw1 $/);
});

test('tables share the room of 80 columns, and stand side by side in 200', () => {
  const narrow = frameOf(BUSY).join('\n');
  const wide = frameOf(BUSY, { columns: 200, rows: 60 });

  for (const text of [
    /Top by packets/,
    /203\.0\.113\.0 /,
    /Servers/,
    / web2 /,
    /Events/,
    /198\.51\.100\.29 in sshd/,
  ])
    assert.match(narrow, text);
  assert.ok(wide.some((line) => line.includes('Top by packets') && line.includes('Events')));
});

test('what is wrong is said above all tables, and how much more there is', () => {
  const conditions = ['Converged', 'StateSaved', 'Committed', 'PolicyValid', 'PeersHeard'].map((type) => ({
    ...{ type, status: 'False' as const, reason: 'Because', message: 'a message '.repeat(20) },
  }));

  const lines = frameOf({ ...BUSY, status: { ...STATUS, converged: false, conditions } });
  const wide = frameOf({ ...BUSY, status: { ...STATUS, conditions } }, { columns: 200, rows: 60 }).join('\n');

  assert.match(lines[0] ?? '', /^ not converged /);
  assert.match(lines[2] ?? '', /^ Converged is false \(Because\): a message/);
  assert.match(lines.join('\n'), /and \d more: banspool status/);
  for (const { type } of conditions) assert.match(wide, `${type} is false (Because)`);
});

test('what is wrong alone is told as far as there is room, with a mark where it is cut', () => {
  const alertOf = (message: string): readonly string[] => {
    const conditions = [{ type: 'Converged', status: 'False' as const, reason: 'Because', message }];
    return frameOf({ ...BUSY, status: { ...STATUS, conditions } }).slice(2, 6);
  };

  assert.match(alertOf(`${'a word '.repeat(34)}; fix: reboot`).join(''), '; fix: reboot');
  assert.match(alertOf('a word '.repeat(90))[3] ?? '', /a w?o?r?d?….?$/);
});

test('a terminal that is too small is told so', () => {
  assert.match(frameOf(BUSY, { columns: 39 }).join(' '), /too small: 39 by 24/);
  assert.match(frameOf(BUSY, { rows: 9 }).join(' '), /too small: 80 by 9/);
});

test('a table that is alone is as long as the screen, and scrolls to its last row', () => {
  const view: View = { ...FIRST_VIEW, pane: 'top' };
  const options = { columns: 80, rows: 24, charset: 'utf8' as const, view };

  const { reach } = makeFrame(makeScreen(BUSY, view, 24), options);
  const end = frameOf(BUSY, { view: { ...view, offset: reach.last } });

  assert.equal(reach, { page: 19, last: 11 });
  assert.match(end.at(-2) ?? '', '203.0.113.29 ');
  assert.match(end.join('\n'), 'from 12 of 30');
});

test('the help is shown in place of the tables', () => {
  const text = frameOf(BUSY, { view: { ...FIRST_VIEW, isHelp: true } }).join('\n');

  assert.match(text, /filter by an address/);
  assert.not.match(text, /Servers/);
});

test.run();
