/** A full pass reads everything again; a quick one trusts what the last pass saw of the firewall. */
export type PassKind = 'full' | 'quick';
