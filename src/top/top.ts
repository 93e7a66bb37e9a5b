/**
 * The live view: looks once a second, and at each key draws what changed. The terminal and what is seen are handed in;
 * it ends when a person quits, and whoever opened the terminal closes it.
 */
import { makeFrame, type Size } from './frame.ts';
import { paintedText, type Look } from './line.ts';
import { repaint } from './repaint.ts';
import { makeScreen } from './screen.ts';
import type { Seen } from './seen.ts';
import { FIRST_VIEW, press, type Key, type Reach, type View } from './view.ts';

export interface TopTerminal {
  readonly size: Size;
  /** Nobody will press a key any more. */
  readonly isOrphaned: boolean;
  readonly write: (text: string) => void;
  readonly suspend: () => void;
}

interface TopOptions {
  readonly terminal: TopTerminal;
  readonly look: Look;
  /** What there is to see now. */
  readonly see: () => Seen;
}

/** People count seconds. */
const LOOK_MS = 1_000;

const CLEAR = '\u001b[0m\u001b[2J';

export class Top {
  readonly #terminal: TopTerminal;
  readonly #look: Look;
  readonly #see: () => Seen;
  #view: View = FIRST_VIEW;
  #seen: Seen;
  #reach: Reach = { page: 0, last: 0 };
  /** The lines that the terminal shows. */
  #shown: readonly string[] = [];
  #quit: (() => void) | undefined;
  #fail: ((error: unknown) => void) | undefined;

  constructor({ terminal, look, see }: TopOptions) {
    this.#terminal = terminal;
    this.#look = look;
    this.#see = see;
    this.#seen = see();
  }

  /** Shows until somebody quits. Throws where what there is to see cannot be read any more. */
  async run(): Promise<void> {
    this.#draw();
    const clock = setInterval(() => {
      this.refresh();
    }, LOOK_MS);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#quit = resolve;
        this.#fail = reject;
      });
    } finally {
      clearInterval(clock);
    }
  }

  /** Looks again, unless paused. */
  refresh(): void {
    if (this.#terminal.isOrphaned) this.#quit?.();
    if (this.#view.isPaused) return;
    try {
      this.#seen = this.#see();
      this.#draw();
    } catch (error) {
      this.#fail?.(error);
    }
  }

  /** Does what the key is for. */
  key(key: Key): void {
    const after = press(this.#view, key, this.#reach);
    switch (after) {
      case 'quit':
        this.#quit?.();
        return;
      case 'suspend':
        this.#terminal.suspend();
        return;
      case 'repaint':
        this.anew();
        return;
      default:
        this.#view = after;
        this.#draw();
    }
  }

  /** Draws all of it: the terminal shows something else, or has another size. */
  anew(): void {
    this.#shown = [];
    this.#terminal.write(CLEAR);
    this.#draw();
  }

  #draw(): void {
    const { columns, rows } = this.#terminal.size;
    const { charset } = this.#look;
    const screen = makeScreen(this.#seen, this.#view, rows);
    const { lines, reach } = makeFrame(screen, { columns, rows, charset, view: this.#view });
    this.#reach = reach;
    const after = lines.map((line) => paintedText(line, this.#look));
    this.#terminal.write(repaint(this.#shown, after));
    this.#shown = after;
  }
}
