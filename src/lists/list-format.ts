/** The forms in which lists of addresses come: docs/lists.md says who publishes each. */
export const LIST_FORMATS = ['plain', 'jsonl', 'dshield', 'csf', 'crowdsec', 'ipset', 'fail2ban'] as const;

export type ListFormat = (typeof LIST_FORMATS)[number];
