/** The text of a file that a person names on the command line, or of standard input, which is called `-`. */
import { BanspoolError, messageOf } from '../system/error.ts';
import { files } from '../system/files/files.ts';
import { readGiven, standardInput } from '../system/host.ts';
import type { Io } from './io.ts';

/** Reads it as who calls, also for whoever acts as another then; `hint` says where such a file is from. */
export async function readGivenText({ given }: Io, file: string, hint?: string): Promise<string> {
  const read = async (): Promise<string | undefined> => (file === '-' ? standardInput() : readGiven(file));
  const text = await given.read(file, read).catch((error: unknown) => {
    throw new BanspoolError('usage', `cannot read ${file}: ${messageOf(error)}`, { cause: error, hint });
  });
  if (text === undefined) throw new BanspoolError('usage', `there is no file ${file}`, { hint });
  return text;
}

/** When that file was written last, in milliseconds since 1970; of standard input, and of what is no file, `now`. */
export async function readGivenTime({ given }: Io, file: string, now: number): Promise<number> {
  const read = (): Promise<string> => Promise.resolve(String(files.modified(file) ?? now));
  return file === '-' ? now : Number(await given.read(`time of ${file}`, read));
}
