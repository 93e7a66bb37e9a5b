/**
 * The look of the page. Colours of light and dark are chosen for a contrast of 4.5 and more for text, and series differ
 * in lightness as well as in hue. There is no `style` attribute anywhere: the page says by a hash that this is all.
 */

/** One style sheet. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b1f24;--soft:#59626e;--line:#e3e6ea;--track:#eef0f3;
--well:#1a7f4b;--attention:#8f5b00;--broken:#b3261e;--well-back:#e9f6ee;--attention-back:#fdf3dc;--broken-back:#fdeceb;
--mark:#b3261e;--s0:#2f6fde;--s1:#e0803a;--s2:#2a9d8f;--s3:#8456c9;--s4:#d1ac1f;--s5:#c94f7c;--s6:#98a1ad;
--q0:#f0f2f5;--q1:#d5e4fb;--q2:#a9c8f6;--q3:#72a2ee;--q4:#3670d6;--q5:#1d55b5;--on4:#fff;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{--page:#0e1116;--card:#161b22;--ink:#e4e8ed;--soft:#9aa5b1;--line:#262d36;--track:#212832;
--well:#4cc38a;--attention:#e3b341;--broken:#ff8178;--well-back:#10281c;--attention-back:#2d2410;--broken-back:#331715;
--mark:#ff8178;--s0:#5b93f5;--s1:#ef9a5d;--s2:#45bfae;--s3:#a983e6;--s4:#e2c350;--s5:#e57ba2;--s6:#6f7a87;
--q0:#1d242d;--q1:#1b3256;--q2:#20488a;--q3:#2b62bd;--q4:#4a86e8;--q5:#8db7fb;--on4:#0e1116}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:14px/1.45 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
header,main,footer{max-width:1280px;margin:0 auto;padding:0 20px}
header{display:flex;flex-wrap:wrap;gap:2px 12px;align-items:baseline;padding-top:18px;padding-bottom:12px}
h1{font-size:17px;font-weight:650;margin:0;overflow-wrap:anywhere}
h1 small{font-weight:400;font-size:14px;color:var(--soft)}
header p{margin:0 0 0 auto;color:var(--soft);font-size:12px}
footer{color:var(--soft);font-size:12px;padding-top:8px;padding-bottom:28px}
h2{font-size:14px;font-weight:650;margin:0;letter-spacing:-.005em}
p{margin:0}code{font-family:var(--mono);font-size:.93em}small{font-size:.8em}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.note,.nothing{color:var(--soft);font-size:12px}.nothing{padding:14px 0}
.grid2{display:grid;grid-auto-flow:dense;grid-template-columns:repeat(2,minmax(0,1fr));gap:14px}
.card,details{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px;min-width:0}
.full{grid-column:1/-1}
.card>.note:first-of-type{margin-bottom:10px}
.verdict{display:flex;gap:14px;border:1px solid var(--line);border-radius:10px;padding:16px;background:var(--back);margin-bottom:14px;--tone:var(--well);--back:var(--well-back)}
.verdict.attention{--tone:var(--attention);--back:var(--attention-back)}
.verdict.broken{--tone:var(--broken);--back:var(--broken-back)}
.late .verdict:not(.broken),.ended .verdict:not(.broken){--tone:var(--attention);--back:var(--attention-back)}
.verdict>div{min-width:0;overflow-wrap:anywhere}
.sign{flex:none}.sign circle{fill:var(--tone)}.sign path{fill:none;stroke:var(--card);stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round}
.verdict h2{font-size:19px;line-height:1.3;letter-spacing:-.01em}
.checked{color:var(--soft)}
.stopped:empty{display:none}.stopped{color:var(--attention);font-weight:600;margin-top:4px}
.old,.open{display:none;color:var(--attention);font-weight:600;margin-top:4px}
.late .old{display:block}
html:not(.live) .open{display:block;max-height:0;overflow:hidden;margin:0;visibility:hidden;animation:opened 0s linear 180s forwards}
html:not(.live) .verdict:not(.broken){animation:amber 0s linear 180s forwards}
@keyframes opened{to{visibility:visible;max-height:200px;margin:4px 0 0}}
@keyframes amber{to{background:var(--attention-back);border-color:var(--attention)}}
.problems{margin:8px 0 0;padding:0;list-style:none}.problems li{padding:2px 0}.problems li::before{content:"▲ ";color:var(--tone);font-size:.75em}
.yesterday{display:flex;flex-wrap:wrap;gap:4px 18px;align-items:baseline;padding:0 4px 14px}
.yesterday ul{display:flex;flex-wrap:wrap;gap:2px 22px;margin:0;padding:0;list-style:none;min-width:0}
.yesterday li{overflow-wrap:anywhere;min-width:0}
.tiles{display:grid;grid-template-columns:repeat(6,minmax(0,1fr));gap:14px;margin:0 0 14px}
.tiles>div{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 14px;display:flex;flex-direction:column;min-width:0}
dt{color:var(--soft);font-size:12px;line-height:1.3;min-height:2.6em}
dd{margin:0}.value{font-size:26px;font-weight:600;letter-spacing:-.02em;line-height:1.2}.value small{font-size:13px;font-weight:400;letter-spacing:0;color:var(--soft)}
.rest{color:var(--soft);font-size:12px;overflow-wrap:anywhere}
svg{display:block}.chart{overflow:visible}svg svg{overflow:visible}
.chart text,.heat text{font-size:11px;fill:var(--soft)}
.grid line{stroke:var(--line)}.grid text{paint-order:stroke;stroke:var(--card);stroke-width:3px;stroke-linejoin:round}
.hit{fill:transparent}.hit:hover,.column:hover .hit{fill:var(--ink);fill-opacity:.07}
.s0{fill:var(--s0)}.s1{fill:var(--s1)}.s2{fill:var(--s2)}.s3{fill:var(--s3)}.s4{fill:var(--s4)}.s5{fill:var(--s5)}.s6{fill:var(--s6)}
.shape path{fill-opacity:.85;stroke:var(--card);stroke-width:1;vector-effect:non-scaling-stroke}
.q0{fill:var(--q0)}.q1{fill:var(--q1)}.q2{fill:var(--q2)}.q3{fill:var(--q3)}.q4{fill:var(--q4)}.q5{fill:var(--q5)}
.mark line{stroke:var(--mark);stroke-dasharray:2 3}.mark path{fill:var(--mark);stroke:var(--card);stroke-width:1.5}
.marks{margin-top:8px;overflow-wrap:anywhere}.marks b{font-weight:600;color:var(--mark)}
.track{fill:var(--track)}.spark .under{fill:var(--s0);fill-opacity:.15}.spark .over{fill:none;stroke:var(--s0);stroke-width:1.5;vector-effect:non-scaling-stroke}
table{border-collapse:collapse;width:100%;font-size:13px}
th{font-weight:500;text-align:left}thead th{color:var(--soft);font-size:12px;font-weight:400}
th,td{padding:5px 10px 5px 0;vertical-align:top}
.rows th,.rows td{border-top:1px solid var(--line)}.rows thead th,.rows thead td{border-top:0}
tbody th,tbody td{overflow-wrap:anywhere}
.number{text-align:right;white-space:nowrap}.rows .number+:not(.number){padding-left:14px}.nobreak{white-space:nowrap}
th:last-child,td:last-child{padding-right:0}
.bar,.spark{min-width:40px}.track-cell{width:38%;vertical-align:middle}.rows .track-cell{width:16%}
.spark-cell{width:30%}td.spark-cell{padding-top:2px;padding-bottom:2px}
.beside{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:8px 28px;align-items:start}.legend{width:auto}.legend th,.legend td{padding:3px 0 3px 16px}.legend th:first-child{padding-left:0;max-width:180px}.named{display:flex;gap:7px;align-items:baseline;overflow-wrap:anywhere;min-width:0}.named svg{flex:none}
.matrix td,.matrix th{padding:6px 10px;border:2px solid var(--card);border-radius:4px}
.matrix th[scope=row]{padding-left:0}.matrix thead th{vertical-align:bottom;white-space:normal;overflow-wrap:anywhere;min-width:44px;max-width:90px}.matrix th[scope=row]{min-width:76px}
.matrix td.q0{background:var(--q0)}.matrix td.q1{background:var(--q1)}.matrix td.q2{background:var(--q2)}.matrix td.q3{background:var(--q3);color:#0e1116}
.matrix td.q4{background:var(--q4);color:var(--on4)}.matrix td.q5{background:var(--q5);color:var(--on4)}
.self{color:var(--soft)}
.scroll{overflow-x:auto}
.week{display:grid;grid-template-columns:34px minmax(0,1fr)}.week ol{margin:0;padding:0;list-style:none;color:var(--soft);font-size:11px}.week li{height:22px;line-height:22px}
.shades{display:flex;flex-wrap:wrap;gap:2px 8px;align-items:center;margin-top:6px}.busiest{margin-left:auto}
.badge{display:inline-block;background:var(--attention-back);color:var(--attention);border:1px solid;border-radius:9px;font-size:11px;font-weight:600;line-height:16px;padding:0 7px}
.events{margin:0;padding:0;list-style:none;font-size:13px}.events li{padding:3px 0;display:grid;grid-template-columns:88px 70px minmax(0,1fr);gap:0 8px}
.when{color:var(--soft)}.what{overflow-wrap:anywhere}.kind{font-weight:600}.bad{color:var(--attention)}.fine{color:var(--well)}.plain{color:var(--soft)}
.folds{margin-top:14px;display:grid;grid-template-columns:minmax(0,1fr);gap:8px}
details.more{border:0;padding:4px 0 0;background:none}.more summary{font-weight:400;color:var(--soft);font-size:12px}
summary{cursor:pointer;font-weight:650}.count{color:var(--soft);font-weight:400;margin-left:4px}details[open]>summary{margin-bottom:8px}
.narrow{display:none;color:var(--soft);font-weight:400;font-size:12px}
a{color:inherit}:focus-visible{outline:2px solid var(--s0);outline-offset:2px}
@media (max-width:1080px){.tiles{grid-template-columns:repeat(3,minmax(0,1fr))}}
@media (max-width:860px){.grid2,.beside{grid-template-columns:minmax(0,1fr)}}
@media (max-width:600px){header,main,footer{padding-left:12px;padding-right:12px}.roomy{display:none}.narrow{display:block}
.tiles{grid-template-columns:repeat(2,minmax(0,1fr));gap:8px}.grid2{gap:8px}.card,details{padding:12px}
.verdict{padding:12px;gap:10px}.verdict h2{font-size:17px}.value{font-size:22px}.sign{width:28px;height:28px}.yesterday ul{display:block}
header p{margin-left:0;width:100%}.legend{width:100%}.events li{grid-template-columns:88px minmax(0,1fr)}.what{grid-column:1/-1}.busiest{margin-left:0;width:100%}.matrix th,.matrix td{padding:5px 3px;font-size:12px}}
@media print{body{background:#fff;font-size:11px}.card,.tiles>div,.verdict{break-inside:avoid}header,main,footer{max-width:none;padding:0}details:not([open]){display:none}}
`;
