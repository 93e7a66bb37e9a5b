/** What doctor finds, one thing a line. */
export interface Finding {
  readonly level: 'good' | 'warn' | 'bad';
  readonly what: string;
  readonly mend?: string;
}
