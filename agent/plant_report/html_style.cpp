#include "agent/plant_report/html_sections.hpp"

namespace ot::agent::plant_report {

// Names are short where they stand on every module: t, f (places), s, m, o, p (texts on them).
const std::string_view kStyle = R"(
:root{color-scheme:light dark;--paper:#fff;--ink:#18212b;--mute:#566270;--line:#d5dbe2;--soft:#f3f5f8;
--link:#1b5c8e;--bad:#a8261c;--warn:#85590a;--good:#1f6b45;--rail:#b9c1ca;
--C:#2b5f93;--P:#8a6a14;--N:#6a4b97;--I:#2f7552;--M:#1f7480;--F:#9c5426;--R:#8c3d5e;--H:#4b5a9c;--O:#5f6b78}
@media screen and (prefers-color-scheme:dark){:root{--paper:#12171d;--ink:#e4e9ef;--mute:#9aa7b5;
--line:#303a45;--soft:#1a2129;--link:#7db8e8;--bad:#f2958b;--warn:#e0b563;--good:#74c79a;--rail:#4c5763;
--C:#5b95cd;--P:#b8973f;--N:#9d80cb;--I:#58a37e;--M:#4ba4b0;--F:#cc8353;--R:#c07696;--H:#7f8ed0;--O:#8895a3}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",
Roboto,"Liberation Sans",Arial,sans-serif}
main,header,footer{max-width:1240px;margin:0 auto;padding:0 28px}

h1,h2,h3,h4{line-height:1.25;margin:0;text-wrap:balance}
h1{font-size:30px;letter-spacing:-.01em}h2{font-size:22px;margin:0 0 14px}
h3{font-size:17px;margin:0 0 8px}h4{font-size:13.5px;margin:16px 0 6px}
a{color:var(--link)}p{margin:0 0 10px;max-width:76ch}
td,bdi,text{unicode-bidi:isolate}
h1,h3,p,li,dd,bdi{overflow-wrap:anywhere}
.mu{color:var(--mute);font-weight:400}
body{border-top:6px solid var(--C)}.top{padding-top:26px}
.kick{color:var(--mute);font-size:13px;letter-spacing:.08em;text-transform:uppercase;margin:0 0 4px}
dl.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(240px,1fr));gap:10px 28px;margin:20px 0 18px}
dl.facts div{border-top:1px solid var(--line);padding-top:6px}
dt{color:var(--mute);font-size:12.5px}dd{margin:0}
nav ol{list-style:none;display:flex;flex-wrap:wrap;gap:4px 20px;margin:0;padding:10px 0;
border-block:1px solid var(--line);font-size:14px}nav a{text-decoration:none}nav a:hover{text-decoration:underline}
section.s{padding-top:34px}
.kpi{display:flex;flex-wrap:wrap;gap:1px;background:var(--line);
border:1px solid var(--line);margin:0 0 18px}
.kpi div{flex:1 1 130px;background:var(--paper);padding:12px 16px}
.kpi b{display:block;font-size:26px;line-height:1.15;font-weight:600;font-variant-numeric:tabular-nums}
.kpi span{color:var(--mute);font-size:13px}
.att{list-style:none;margin:0 0 18px;padding:0;border-top:1px solid var(--line)}
.att li{border-bottom:1px solid var(--line);padding:8px 0;display:grid;grid-template-columns:104px 1fr;gap:12px}
.tag{font-size:12px;font-weight:600;border:1px solid;border-radius:3px;padding:1px 7px;justify-self:start;
align-self:start;white-space:nowrap}
.bad{color:var(--bad)}.warn{color:var(--warn)}.good{color:var(--good)}
.note{border-left:4px solid var(--line);padding:6px 0 6px 14px;margin:0 0 16px}
.note.bad{border-color:var(--bad)}.note.good{border-color:var(--good)}
.note.bad,.note.good{color:var(--ink)}
.scroll{overflow-x:auto;margin:0 0 16px;max-width:100%}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th{text-align:left;font-weight:600;color:var(--mute);font-size:12.5px;border-bottom:2px solid var(--line);
white-space:nowrap}
th,td{padding:5px 14px 5px 0;vertical-align:top}
td{border-bottom:1px solid var(--line);overflow-wrap:break-word;min-width:60px;max-width:440px}
td.c,.o{font-family:ui-monospace,"SFMono-Regular",Menlo,Consolas,"Liberation Mono",monospace}
td.c{font-size:12.5px}td.n{white-space:nowrap}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
td.h{font-size:11px;max-width:300px;overflow-wrap:anywhere}
details{margin:2px 0 12px}summary{cursor:pointer;color:var(--link);font-size:13.5px;padding:4px 0}
.legend{background:var(--soft);padding:12px 16px;margin:0 0 22px;font-size:13px}
.legend ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:4px 20px}
.legend ul+ul{margin-top:8px}.legend li{display:flex;align-items:center;gap:7px}
.legend svg{flex:none}
.st{border-top:1px solid var(--line);padding:18px 0 10px}
.st>p{color:var(--mute);font-size:13.5px;margin:2px 0 0}
.rack,.tiles{display:flex;flex-wrap:wrap;row-gap:10px}
.tiles{row-gap:4px;flex:1}
svg{display:block}.hid{position:absolute;width:0;height:0}
.t{width:102px;height:138px}.f{width:102px;height:90px}.lg{width:36px;height:18px}.ls{width:34px;height:18px}
.bus{list-style:none;margin:0;padding:0 0 0 2px}
.bus li{display:flex;overflow:hidden;padding:4px 0;margin:0;content-visibility:auto;
contain-intrinsic-size:auto 600px auto 98px}
.tap{flex:none;width:56px;overflow:visible;height:90px}
.bl{fill:none;stroke:var(--bc);stroke-width:3}.ad{fill:var(--paper);stroke:var(--bc);stroke-width:2}
.dp{--bc:var(--N)}.pn{--bc:var(--I)}.bus{--bc:var(--O)}.bus.dp{--bc:var(--N)}.bus.pn{--bc:var(--I)}
.rl{fill:var(--rail)}.b0,.b1,.b2{stroke:var(--k);stroke-width:1.5;fill:var(--paper)}
.b1,.b2{fill:color-mix(in srgb,var(--k) 13%,var(--paper))}
.bd,.lp{fill:var(--k)}.ht{fill:var(--paper);opacity:.6}.pl,.pw{fill:var(--paper)}.pw{display:var(--pw,inline)}.np{--pw:none}
.tk{fill:none;stroke:var(--k);stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round}
.em{fill:none;stroke:var(--rail);stroke-width:1.5;stroke-dasharray:4 3}
.kC{--k:var(--C)}.kP{--k:var(--P)}.kN{--k:var(--N)}.kI{--k:var(--I)}.kM{--k:var(--M)}
.kF{--k:var(--F)}.kR{--k:var(--R)}.kH{--k:var(--H)}.kO{--k:var(--O)}
text{fill:var(--ink);font-size:10.5px}
text.k{font-size:9.5px;font-weight:700;text-anchor:middle}.legend text.k{fill:var(--paper)}
text.s{font-size:12px;font-weight:700;text-anchor:middle}text.m{font-weight:600}
text.o{font-size:10px}text.p,text.es,text.ee{fill:var(--mute);font-size:10px}
text.f{font-size:10.5px;fill:var(--mute)}text.df,.dfl{fill:var(--bad);color:var(--bad);font-weight:700}
text.es{font-size:12px;font-weight:700}text.es,text.ee,text.at{text-anchor:middle}text.at{font-weight:700}
.bar{height:14px;width:100%;margin:0 0 8px}
.cv{content-visibility:auto;contain-intrinsic-size:auto 700px}
footer{color:var(--mute);font-size:13px;padding-top:30px;padding-bottom:40px}
@media (max-width:640px){main,header,footer{padding-left:14px;padding-right:14px}h1{font-size:24px}
.att li{grid-template-columns:1fr;gap:4px}
dl.facts{grid-template-columns:1fr 1fr;gap:8px 16px}.tap{width:50px}}
@page{size:A4;margin:16mm 14mm 18mm;@bottom-right{content:counter(page) " / " counter(pages);
font:9pt system-ui,sans-serif;color:#566270}}
@media print{body{font-size:10pt}main,header,footer{max-width:none;padding:0}nav{display:none}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
h2,h3,h4,summary{break-after:avoid}section.s{padding-top:18px}.racks,.appendix{break-before:page}
svg.t,svg.f,.bus li,tr,.att li,.kpi{break-inside:avoid}thead{display:table-header-group}
.scroll{overflow:visible}table{font-size:8pt}td{overflow-wrap:anywhere;max-width:none;min-width:0}
td.c{font-size:7.5pt}th{white-space:normal}th,td{padding:2px 6px 2px 0}
.cv,.bus li{content-visibility:visible}
details::details-content{content-visibility:visible;display:block;height:auto}summary{list-style:none;color:inherit}
a{color:inherit;text-decoration:none}}
)";

}  // namespace ot::agent::plant_report
