/** Colours on white, on screen and on paper: whoever prints from a dark screen gets these, too. */
const LIGHT = `color-scheme:light;--bg:#fff;--fg:#1b1f24;--soft:#57606a;--line:#d0d7de;--panel:#f6f8fa;--accent:#0757a8;--good:#116329;--bad:#a40e26;
--c0:#0757a8;--c1:#b3470b;--c2:#116329;--c3:#7a2aa3;--c4:#8a6100;--c5:#0b7285;--c6:#a61e62;--c7:#4a5568;--heat:7,87,168`;
const DARK = `color-scheme:dark;--bg:#0f141a;--fg:#e6edf3;--soft:#9aa5b1;--line:#35404c;--panel:#171e26;--accent:#6cb6ff;--good:#57c46b;--bad:#ff8a8a;
--c0:#6cb6ff;--c1:#ffa657;--c2:#57c46b;--c3:#d2a8ff;--c4:#e3c341;--c5:#56d4e0;--c6:#ff9bce;--c7:#b1bac4;--heat:108,182,255`;

/** Two columns of figures, none of them torn; shades are printed; what is folded away stays so, but for the packages. */
const PAPER = `@page{margin:15mm}
:root{--soft:#444}
body{font-size:10pt}
main{max-width:none;padding:0}
h2{margin-top:1.6rem}
h2,h3{break-after:avoid}
figure,tr,.note{break-inside:avoid}
.scroll{overflow:visible}
.figures{grid-template-columns:1fr 1fr;gap:1rem 1.5rem}
.matrix td,.note,pre{print-color-adjust:exact;-webkit-print-color-adjust:exact}
figure details:not([open]){display:none}
details::details-content{content-visibility:visible;display:block;height:auto}
summary{color:inherit}`;

/** On a telephone a fact stands below its name. */
const NARROW = `.facts tr{border-bottom:1px solid var(--line);display:block;padding:.3rem 0}
.facts th,.facts td{border:0;display:block;padding:0;width:auto}`;

/** The style of a report: light and dark, wide and narrow, screen and paper. Nothing is fetched. */
export const STYLE = `
:root{${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:68rem;margin:0 auto;padding:1.5rem clamp(.8rem,3vw,2rem) 4rem}
h1{font-size:1.7rem;line-height:1.25;margin:.2rem 0;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:2.4rem 0 .6rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.2rem 0 .3rem}
.figures h3{margin-top:0}
p{margin:.4rem 0;max-width:46rem}
.soft{color:var(--soft)}
.small{font-size:.875rem}
.status{display:inline-block;padding:.1rem .6rem;border:1px solid currentColor;border-radius:1rem;font-size:.875rem;font-weight:600}
.succeeded{color:var(--good)}.failed,.lost,.interrupted{color:var(--bad)}.running{color:var(--accent)}
.note{background:var(--panel);border-left:4px solid var(--accent);padding:.6rem .9rem;margin:.8rem 0}
.fault{border-left-color:var(--bad)}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .75rem .3rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{color:var(--soft);font-weight:600;font-size:.875rem;vertical-align:bottom}
td.number,th.number{text-align:right}
td.path{overflow-wrap:anywhere;min-width:9rem}
td code{display:inline-block;min-width:16ch;word-break:break-all}
tbody th{font-weight:600}
.facts th{width:15rem;color:var(--soft);font-weight:400;padding-right:1.5rem}
.facts td{overflow-wrap:anywhere}
.facts{width:100%}
td.tight{white-space:nowrap}
.matrix td,.matrix th{padding:.45rem .7rem;text-align:center;border:1px solid var(--line)}
.matrix td{min-width:3.2rem}
.matrix .right{outline:2px solid var(--fg);outline-offset:-2px}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:1.5rem 2rem}
figure{margin:0;min-width:0}
figure+.figures{margin-top:1.5rem}
svg{display:block;width:100%;height:auto;max-width:34rem}
svg text{fill:var(--soft);font:12px system-ui,sans-serif}
svg .axis{stroke:var(--soft);stroke-width:1;fill:none}
svg .grid{stroke:var(--line);stroke-width:1}
svg .guide{stroke:var(--soft);stroke-width:1;stroke-dasharray:4 4}
svg .line{fill:none;stroke-width:2}
svg .bar{fill:var(--c0)}
.spark{width:8rem;height:1.8rem}
${[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `.s${n}{stroke:var(--c${n});color:var(--c${n})}.f${n}{fill:var(--c${n})}`).join("\n")}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1rem;list-style:none;padding:0;margin:.3rem 0;font-size:.875rem}
.legend i{display:inline-block;width:1.4rem;border-top:3px solid currentColor;margin-right:.4rem;vertical-align:middle}
details{margin:.4rem 0;font-size:.875rem}
summary{cursor:pointer;color:var(--accent)}
code,pre{font:.85rem/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
pre{background:var(--panel);padding:.7rem .9rem;overflow-x:auto;white-space:pre-wrap}
footer{margin-top:3rem;color:var(--soft);font-size:.875rem}
@media screen and (min-width:40rem){td.number{white-space:nowrap}}
@media screen and (max-width:40rem){${NARROW}}
@media print{${PAPER}}
`;
