/** The bare kernel tools doing what banspool does, as a person would call them: what the figures are held against. */
import { openForkServer } from '../../src/system/processes/fork-server.ts';

/** By a shell, as a person does: of a program that Node starts, most of the time would be Node's. */
const { run } = openForkServer();

/** Milliseconds that each of the calls took. */
export async function timeEach(count: number, call: (index: number) => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let index = 0; index < count; index += 1) samples.push(await timeOf(() => call(index)));
  return samples;
}

/** Milliseconds. */
export async function timeOf(call: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await call();
  return performance.now() - startedAt;
}

/** Runs a tool that must succeed. */
export async function tool(file: string, args: readonly string[], input?: string): Promise<string> {
  const ran = await run(file, args, input === undefined ? {} : { input });
  if (ran.exitCode !== 0) throw new Error(`${file} ${args.join(' ')}: ${ran.stderr}`);
  return ran.stdout;
}
