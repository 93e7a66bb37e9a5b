/** Where the page of the controller is. */
import { join } from 'node:path';
import type { Config } from '../config/config.ts';

/** In a folder of its own, which a web server can be pointed to. */
export function reportPath({ runtime }: Pick<Config, 'runtime'>): string {
  return join(runtime, 'report', 'index.html');
}
