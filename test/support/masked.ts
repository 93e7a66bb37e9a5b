/** Output of the program without what differs from run to run: times, durations, commits. */
export function masked(text: string): string {
  const same = text
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'YYYY-MM-DD HH:MM:SS UTC')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'YYYY-MM-DD HH:MM UTC')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'YYYY-MM-DDTHH:MM:SS.MSSZ')
    .replace(/(?<=commit |checkout |UTC .* {2})[0-9a-f]{8}(?=\W|$)/gm, 'COMMITID')
    // As git prints them.
    .replace(/^(\^?)[0-9a-f]{7,8}(?= )|(?<=^\[\w+ )[0-9a-f]{7,8}(?=\])/gm, '$1COMMITID')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}/g, 'YYYY-MM-DD HH:MM:SS +0000')
    .replace(
      /\b[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d+ \d\d:\d\d:\d\d \d{4} [+-]\d{4}/g,
      'DAY MON DD HH:MM:SS YYYY +0000',
    )
    // Of files that tests drop.
    .replace(/\b\d{19}-\d+-\d{6}\.yaml/g, 'NAME.yaml')
    .replace(/\b\d+ ms\b/g, 'N ms')
    .replace(/\bnow\b|\b(\d+ (d|h|min|s) )+ago\b/g, 'AGO')
    .replace(/\bin \d+ (d|h|min|s)( \d+ (h|min|s))?(?= {2}|$)/gm, 'SOON');
  const live = same
    // Of top: when it looked, on what machine, and how many minutes there were.
    .replace(/ +(checked AGO|never checked) {2}.*$/gm, '  $1  HH:MM:SS UTC  HOST')
    .replace(/^ bans a minute .*$/gm, ' bans a minute  BARS')
    .replaceAll('─', '-')
    .replace(/^ - ([A-Z].*) --+ (.*) -$/gm, ' - $1 -- $2 -')
    .replace(/(?<=^ |until )\d\d:\d\d:\d\d(?= |$)/gm, 'HH:MM:SS');
  // Times keep their width, since columns do; how long ago something was has none.
  const hasAgo = /^(.*(AGO|SOON|HH:MM UTC| {2}until unbanned|N ms|LAST HEARD|TOOK|WHEN|SINCE|never).*)$/gm;
  return live.replace(hasAgo, (line) => line.replace(/(\S) {2,}/g, '$1  '));
}
