/** Programs that are started where this process may open no more files: nobody who starts one is ended by it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outputOf } from '../../support/run-program.ts';

const test = suite('a child that cannot be started');

/** Who starts programs by himself, with what tells that one stands in the end, and what it says of files. */
const STARTERS: Readonly<Record<string, readonly [module: string, start: string]>> = {
  'a program that stands by': [
    'processes/standing-program',
    `const look = ({ stdout }) => (stdout.length > 0 ? 'answer' : 'unfinished');
    const question = { text: 'x\\n', look };
    const program = new module.StandingProgram({ file: 'cat', args: [], greeting: () => question });
    program.wake();
    isWell = async () => (await program.ask(question)).kind === 'answered';`,
  ],
  'a program that is listened to': [
    'processes/listen',
    `let isHeard = false;
    module.listen('sh', ['-c', 'echo x; exec cat'], { heard: () => (isHeard = true), ended: (why) => said.push(why) });
    isWell = () => isHeard;`,
  ],
  'nft monitor': [
    'firewall/nft-monitor',
    `let monitor;
    const turned = () => said.push(monitor?.silence());
    monitor = module.openNftMonitor({ early: false, heard: () => undefined, turned });
    said.push(monitor.silence());
    isWell = () => monitor.silence() === undefined;`,
  ],
  'a program in the background': [
    'processes/background',
    `const start = () => module.startBackground('true', [], { timeoutMs: 60_000 }).ended;
    said.push(await start());
    isWell = async () => (await start()) === undefined;`,
  ],
};

for (const [who, [module, start]] of Object.entries(STARTERS)) {
  test(`is tried again later where too many files are open: ${who}`, async () => {
    const script = `
      const fs = await import('node:fs');
      const module = await import(${JSON.stringify(new URL(`../../../src/system/${module}.js`, import.meta.url))});
      const pause = () => new Promise((go) => setTimeout(go, 10));
      const [open, said] = [[], []];
      let isWell;
      await pause();
      try {
        for (;;) open.push(fs.openSync('/dev/null'));
      } catch {}
      ${start}
      await new Promise((go) => setTimeout(go, 200));
      for (const file of open) fs.closeSync(file);
      while (!(await isWell())) await pause();
      console.log(said.find((words) => words !== undefined));
      process.exit();`;

    const said = await outputOf([
      ...['prlimit', '--nofile=64:64', '--', process.execPath],
      ...['--input-type=module', '-e', script],
    ]);

    assert.match(said, who.endsWith('stands by') ? /^undefined\n$/ : /too many open files\n$/);
  });
}

test.run();
