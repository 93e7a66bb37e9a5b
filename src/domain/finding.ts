/** What doctor finds, one thing a line. */
export interface Finding {
  readonly level: 'good' | 'warn' | 'bad';
  readonly what: string;
  readonly mend?: string;
}

/** With what it is about, for programs. */
export interface SubjectFinding extends Finding {
  readonly subject:
    | 'node'
    | 'git'
    | 'firewall'
    | 'folders'
    | 'owner'
    | 'state'
    | 'lockout'
    | 'lists'
    | 'fleet'
    | 'messages'
    | 'access';
}

export function about(
  subject: SubjectFinding['subject'],
  findings: readonly Finding[],
): readonly SubjectFinding[] {
  return findings.map((finding) => ({ ...finding, subject }));
}
