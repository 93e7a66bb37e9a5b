/** Hears what a command says, in the test's own process. */
import type { Io } from '../../src/cli/io.ts';
import { UTC, type Zone } from '../../src/domain/words.ts';
import { Given } from '../../src/system/given.ts';

type Told = Pick<Io, 'color' | 'isTerminal' | 'width' | 'zone'>;

export class HeardIo implements Io {
  readonly color: boolean;
  readonly isTerminal: boolean;
  readonly width: number | undefined;
  readonly zone: Zone;
  readonly env = {};
  readonly given = new Given({});
  stdout = '';
  stderr = '';

  constructor({ color = false, isTerminal = false, width, zone = UTC }: Partial<Told> = {}) {
    this.color = color;
    this.isTerminal = isTerminal;
    this.width = width;
    this.zone = zone;
  }

  readonly out = (text: string): void => {
    this.stdout += text;
  };

  readonly err = (text: string): void => {
    this.stderr += text;
  };
}
