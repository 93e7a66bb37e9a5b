/** Hears what a command says, in the test's own process. */
import type { Io } from '../../src/cli/io.ts';
import { Given } from '../../src/system/given.ts';

export class HeardIo implements Io {
  readonly color: boolean;
  readonly isTerminal: boolean;
  readonly env = {};
  readonly given = new Given({});
  stdout = '';
  stderr = '';

  constructor({ color = false, isTerminal = false }: Partial<Pick<Io, 'color' | 'isTerminal'>> = {}) {
    this.color = color;
    this.isTerminal = isTerminal;
  }

  readonly out = (text: string): void => {
    this.stdout += text;
  };

  readonly err = (text: string): void => {
    this.stderr += text;
  };
}
