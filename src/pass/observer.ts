/** Who is told of each pass, by its record alone: a page or a feed of events is one more of these. */
import type { Pass } from './pass.ts';

export interface PassObserver {
  /** A pass came to its end, well or not so well. */
  passed(pass: Pass): void;
  /** One ended before it reached the firewall. */
  failed(error: unknown, pass: Pick<Pass, 'kind' | 'startedAt'>): void;
}
