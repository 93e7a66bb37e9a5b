/** What the keys do. */
import { span, type Line } from './line.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['1', 'all: bans, servers, events'],
  ['2', 'bans alone'],
  ['3', 'servers, and peers'],
  ['4', 'events alone'],
  ['tab', 'the next of these views; shift and tab: the one before'],
  ['s >', 'sort bans by packets, packets a second, servers, jail, address in turn'],
  ['S <', 'the same backwards'],
  ['/', 'filter by an address, a jail or a server; esc removes the filter'],
  ['j k', 'scroll, as the arrows, page up, page down, home and end do'],
  ['p', 'pause, and go on'],
  ['q', 'quit, as ctrl-c does; ctrl-z suspends, ctrl-l redraws'],
  ['?', 'this help; any key leaves it'],
];

const WIDEST = 3;

export function helpLines(): readonly Line[] {
  return [
    [],
    [span('Keys', 'bold')],
    [],
    ...KEYS.map(([key, does]) => [span(key.padEnd(WIDEST + 3), 'key'), span(does)]),
    [],
    [span('PACKETS are those that a ban dropped. SINCE is how long ago it began.', 'dim')],
  ];
}
