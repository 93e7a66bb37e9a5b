/**
 * The config of a hub's repository. Whatever git's defaults are, these hold: a firewall that was taken over can push
 * what it likes, so what comes in is checked, small, and gone soon after no branch has it.
 */

/** The whole file, of a hub that this account works. */
export function formatHubConfig(account: string): string {
  return `# Written by \`banspool hub init\`.
[banspool]
\taccount = ${account}
${SETTINGS}`;
}

/** The account of a hub; undefined for what is not the config of one. */
export function accountInConfig(text: string): string | undefined {
  return /^\[banspool\]\n\taccount = (\S+)$/m.exec(text)?.[1];
}

/**
 * hideRefs: a push to anything but a branch of a firewall is refused before a hook is asked.
 * unpackLimit, autoPackLimit: each push is a few objects, and some 700 of them are packed together.
 * pruneExpire: what a firewall replaced by a new root goes. Of a push that is under way all is newer.
 * logExpiry: after a pack that left too much behind, git would pack nothing for a day.
 * pack, bigFileThreshold: memory of one process, below the limit in the door.
 */
const SETTINGS = `[core]
\trepositoryFormatVersion = 0
\tbare = true
\tfileMode = true
\tsharedRepository = false
\tlogAllRefUpdates = false
\tbigFileThreshold = 4m
\tpackedGitWindowSize = 16m
\tpackedGitLimit = 256m
[transfer]
\thideRefs = refs
\thideRefs = !refs/heads/fw
[receive]
\tfsckObjects = true
\tmaxInputSize = 16m
\tdenyDeletes = true
\tdenyNonFastForwards = false
\tunpackLimit = 100
\tautogc = true
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = false
\tallowReachableSHA1InWant = false
\tallowTipSHA1InWant = false
[gc]
\tauto = 5000
\tautoPackLimit = 20
\tautoDetach = true
\tpruneExpire = 10.minutes.ago
\tlogExpiry = 10.minutes.ago
[pack]
\tthreads = 1
\twindowMemory = 64m
\tdeltaCacheSize = 32m
`;
