import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FIRST_VIEW, PANES, press, SORTS, type Key, type View } from '../../src/top/view.ts';
import { hostileText } from '../support/top-seen.ts';

const test = suite('top/view');

const REACH = { page: 10, last: 25 };

const NAMED: Readonly<Record<string, Key>> = {
  tab: { name: 'tab', sequence: '\t' },
  backtab: { name: 'tab', sequence: '\u001b[Z' },
  enter: { name: 'return', sequence: '\r' },
  esc: { name: 'escape', sequence: '\u001b' },
  backspace: { name: 'backspace', sequence: '\u007f' },
  '^C': { name: 'c', sequence: '\u0003', ctrl: true },
  '^Z': { name: 'z', sequence: '\u001a', ctrl: true },
  '^L': { name: 'l', sequence: '\f', ctrl: true },
  '^U': { name: 'u', sequence: '\u0015', ctrl: true },
  down: { name: 'down', sequence: '\u001b[B' },
  pagedown: { name: 'pagedown', sequence: '\u001b[6~' },
  end: { name: 'end', sequence: '\u001b[F' },
  up: { name: 'up', sequence: '\u001b[A' },
};

/** What comes of keys, each a character or one of the names. */
function pressAll(keys: readonly string[], from: View = FIRST_VIEW): View | string {
  let view = from;
  for (const key of keys) {
    const after = press(view, NAMED[key] ?? { name: key.toLowerCase(), sequence: key }, REACH);
    if (typeof after === 'string') return after;
    view = after;
  }
  return view;
}

function changed(...keys: readonly string[]): Partial<View> | string {
  const view = pressAll(keys);
  if (typeof view === 'string') return view;
  return Object.fromEntries(
    Object.entries(view).filter(([name, value]) => FIRST_VIEW[name as keyof View] !== value),
  );
}

test('sorts, shows one table alone, pauses, scrolls, and quits', () => {
  assert.equal(changed('s'), { sort: 'rate' });
  assert.equal(changed('<'), { sort: 'address' });
  assert.equal(changed('>', 'S'), {});
  assert.equal(changed('tab'), { pane: 'top' });
  assert.equal(changed('backtab'), { pane: 'events' });
  assert.equal(changed('3'), { pane: 'servers' });
  assert.equal(changed('9'), {});
  assert.equal(changed('p'), { isPaused: true });
  assert.equal(changed('p', 'p'), {});
  assert.equal(changed('2', 'j', 'down', 'pagedown'), { pane: 'top', offset: 12 });
  assert.equal(changed('2', 'end', 'j'), { pane: 'top', offset: 25 });
  assert.equal(changed('2', 'j', 'up', 'k'), { pane: 'top' });
  assert.equal(changed('2', 'j', 's'), { pane: 'top', sort: 'rate' });
  for (const [key, deed] of [
    ['q', 'quit'],
    ['^C', 'quit'],
    ['^Z', 'suspend'],
    ['^L', 'repaint'],
  ] as const)
    assert.is(changed(key), deed);
});

test('writes the filter while it is typed, keys that mean something else too', () => {
  assert.equal(changed('/', 'w', 'e', 'b', 'q', 'backspace'), { filter: 'web', isTyping: true });
  assert.equal(changed('/', 'q', 'p', 'enter', 'p'), { filter: 'qp', isPaused: true });
  assert.equal(changed('/', 'w', 'esc'), {});
  assert.equal(changed('/', 'w', 'enter', 'esc'), {});
  assert.equal(changed('/', 'w', 'e', '^U'), { isTyping: true });
  assert.is(changed('/', 'w', '^C'), 'quit');
  assert.equal(changed('/', 'ü', '\u001b[200~', '\u0000'), { isTyping: true });
});

test('shows the help until the next key, which does nothing else', () => {
  assert.equal(changed('?'), { isHelp: true });
  assert.equal(changed('?', 's'), {});
  assert.is(changed('?', 'q'), 'quit');
});

test('no keys make it throw, or have a view that there is not', () => {
  const key = fc.oneof(
    fc.constantFrom(...Object.values(NAMED)),
    fc.record({
      name: fc.option(hostileText, { nil: undefined }),
      sequence: fc.option(hostileText, { nil: undefined }),
      ctrl: fc.option(fc.boolean(), { nil: undefined }),
      meta: fc.option(fc.boolean(), { nil: undefined }),
    }),
    fc
      .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 })
      .map((sequence) => ({ name: sequence, sequence })),
  );
  fc.assert(
    fc.property(fc.array(key), (keys) => {
      let view = FIRST_VIEW;
      for (const one of keys) {
        const after = press(view, one, REACH);
        if (typeof after !== 'string') view = after;
      }

      assert.ok(PANES.includes(view.pane) && SORTS.includes(view.sort));
      assert.ok(view.offset >= 0 && view.offset <= REACH.last);
      assert.match(view.filter, /^[ -~]{0,64}$/);
    }),
  );
});

test.run();
