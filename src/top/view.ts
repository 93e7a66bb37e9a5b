/** What a person chose to see, and what a key makes of it. */

export const PANES = ['all', 'top', 'servers', 'events'] as const;
export type Pane = (typeof PANES)[number];

/** In the order of the keys that go from one to the next. */
export const SORTS = ['packets', 'rate', 'servers', 'jail', 'address'] as const;
export type Sort = (typeof SORTS)[number];

export interface View {
  readonly pane: Pane;
  readonly sort: Sort;
  /** Of an address, a jail or a server. */
  readonly filter: string;
  /** The keys write the filter. */
  readonly isTyping: boolean;
  readonly isPaused: boolean;
  readonly isHelp: boolean;
  /** Rows of the pane that are above its first line. */
  readonly offset: number;
}

export const FIRST_VIEW: View = {
  ...{ pane: 'all', sort: 'packets', filter: '', isTyping: false, isPaused: false, isHelp: false, offset: 0 },
};

/** As Node's readline tells it. */
export interface Key {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
}

/** How far the keys may move: rows of a page, and the largest offset that leaves one full. */
export interface Reach {
  readonly page: number;
  readonly last: number;
}

/** Not a view but a thing to do. */
type Deed = 'quit' | 'suspend' | 'repaint';

/** Longer than any address with its length, and than a name of a jail or a server. */
const MAX_FILTER = 64;

/** The view after a key, or what the key asks for. A key without a meaning changes nothing. */
export function press(view: View, key: Key, reach: Reach): View | Deed {
  if (key.ctrl === true) return pressWithControl(view, key);
  if (view.isTyping) return type(view, key);
  if (view.isHelp) return key.name === 'q' ? 'quit' : { ...view, isHelp: false };
  return choose(view, key) ?? move(view, key, reach);
}

function pressWithControl(view: View, { name = '' }: Key): View | Deed {
  switch (name) {
    case 'c':
      return 'quit';
    case 'z':
      return 'suspend';
    case 'l':
      return 'repaint';
    case 'u':
      return view.isTyping ? { ...view, filter: '', offset: 0 } : view;
    case 'h':
      return view.isTyping ? { ...view, filter: withoutLast(view.filter), offset: 0 } : view;
    default:
      return view;
  }
}

function type(view: View, { name = '', sequence = '', meta }: Key): View {
  switch (name) {
    case 'return':
    case 'enter':
      return { ...view, isTyping: false };
    case 'escape':
      return { ...view, isTyping: false, filter: '', offset: 0 };
    case 'backspace':
      return { ...view, filter: withoutLast(view.filter), offset: 0 };
    default:
      if (meta === true || !/^[\x20-\x7e]$/.test(sequence) || view.filter.length >= MAX_FILTER) return view;
      return { ...view, filter: view.filter + sequence, offset: 0 };
  }
}

function withoutLast(text: string): string {
  return text.slice(0, -1);
}

/** Undefined where the key chooses nothing. */
function choose(view: View, { name, sequence = '' }: Key): View | Deed | undefined {
  switch (sequence) {
    case 'q':
      return 'quit';
    case '?':
    case 'h':
      return { ...view, isHelp: true };
    case '/':
      return { ...view, isTyping: true };
    case 'p':
    case ' ':
      return { ...view, isPaused: !view.isPaused };
    case 's':
    case '>':
      return { ...view, sort: next(SORTS, view.sort, 1), offset: 0 };
    case 'S':
    case '<':
      return { ...view, sort: next(SORTS, view.sort, -1), offset: 0 };
    case '\t':
      return { ...view, pane: next(PANES, view.pane, 1), offset: 0 };
    // Of shift and tab.
    case '\u001b[Z':
      return { ...view, pane: next(PANES, view.pane, -1), offset: 0 };
    default:
      if (name === 'escape') return { ...view, filter: '', pane: 'all', offset: 0 };
      return paneOf(view, sequence);
  }
}

function paneOf(view: View, sequence: string): View | undefined {
  const pane = PANES[Number(/^[1-9]$/.exec(sequence)?.[0] ?? 0) - 1];
  return pane === undefined ? undefined : { ...view, pane, offset: 0 };
}

function next<T>(all: readonly T[], one: T, step: 1 | -1): T {
  return all[(all.indexOf(one) + step + all.length) % all.length] ?? one;
}

function move(view: View, { name = '', sequence }: Key, { page, last }: Reach): View {
  const to = (offset: number): View => ({ ...view, offset: Math.max(0, Math.min(last, offset)) });
  switch (name) {
    case 'down':
      return to(view.offset + 1);
    case 'up':
      return to(view.offset - 1);
    case 'pagedown':
      return to(view.offset + page);
    case 'pageup':
      return to(view.offset - page);
    case 'home':
      return to(0);
    case 'end':
      return to(last);
    default:
      if (sequence === 'j') return to(view.offset + 1);
      return sequence === 'k' ? to(view.offset - 1) : view;
  }
}
