/**
 * `together SCRIPT…`: runs test files one after the other in this process, so that Node starts once and loads once what
 * they share. uvu runs each as it does one by itself. A file is over when nothing keeps the process alive, as a process
 * of its own would be: what a file leaves open makes this one hang, and what ends the process ends it in that file.
 * Where a file ends, both outputs get a mark, with the exit code that the file alone would have had.
 */
import { markEnd } from './marks.ts';

const scripts = process.argv.slice(2).values();

const env = { ...process.env };
const folder = process.cwd();

let isLoaded = true;
let startedAt: number | undefined;

process.on('beforeExit', () => {
  // Node's own exit code for a module that waits for what never comes.
  if (!isLoaded) process.exit(13);
  if (startedAt !== undefined) end(startedAt);
  const { value, done } = scripts.next();
  startedAt = done === true ? undefined : performance.now();
  if (value !== undefined) void load(value);
});

/** Rejects where the module throws: like an exception of its own, that ends the process. */
async function load(script: string): Promise<void> {
  isLoaded = false;
  // Node 24 may load it without the event loop, and says beforeExit again only where that had something to do.
  setImmediate(() => undefined);
  // What uvu finds there as it is loaded; it leaves in there what has run.
  Reflect.set(globalThis, 'UVU_QUEUE', [[null]]);
  await import(script);
  isLoaded = true;
}

function end(since: number): void {
  const mark = markEnd(Number(process.exitCode ?? 0), Math.round(performance.now() - since));
  process.stdout.write(mark);
  process.stderr.write(mark);
  process.exitCode = 0;
  for (const name of Object.keys(process.env)) if (!(name in env)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, env);
  process.chdir(folder);
}
