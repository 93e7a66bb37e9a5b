/**
 * A program that uses the terminal: shows its size, and then the name of each key. At `q` it ends, at `x` it throws, at
 * `s` it suspends itself.
 */
import { Terminal } from '../../src/system/terminal/terminal.ts';

let [shown, row] = ['', 2];

function draw(): void {
  const { columns, rows } = terminal.size;
  terminal.write(`\u001b[1;1H${columns}x${rows}\u001b[${row};1H${shown}`);
}

const terminal = Terminal.open({
  key: ({ name, sequence }) => {
    if (sequence === 'x') throw new Error('thrown at x');
    if (sequence === 's') terminal.suspend();
    if (sequence === 'q') terminal.close();
    [shown, row] = [`key:${name}:pid:${process.pid}`, row + 1];
    draw();
  },
  anew: () => {
    shown = 'anew';
    draw();
  },
});
draw();
