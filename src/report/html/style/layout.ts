/** Text, sections and what is around them. */
export const LAYOUT = `
*{box-sizing:border-box}
html{scroll-padding-top:3.5rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,sans-serif}
header,nav,main{max-width:100rem;margin:0 auto;padding:0 1rem}
header{padding-top:1.25rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.3rem;margin:0;line-height:1.3}
h3{font-size:1.05rem;margin:1.5rem 0 .4rem;line-height:1.35}
h4{font-size:1rem;margin:.9rem 0 .2rem}
p,ul,ol{margin:.5rem 0;max-width:78ch}
li{margin:.2rem 0;overflow-wrap:anywhere}
ul,ol{padding-left:1.4rem}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--link);outline-offset:1px}
main:focus{outline:none}
a:has(>code){text-underline-offset:.35em;text-decoration-thickness:1px}
code{font:.9em/1.4 ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
nav{position:sticky;top:0;z-index:5;background:var(--page);border-bottom:1px solid var(--rule);overflow-x:auto}
nav ul{display:flex;gap:1.1rem;list-style:none;margin:0;padding:.55rem 0;max-width:none;white-space:nowrap}
nav li{margin:0}
.skip{position:absolute;left:-99rem}
.skip:focus{left:.5rem;top:.5rem;z-index:20;background:var(--page);padding:.5rem}
main>section{padding:1.75rem 0 .5rem;border-bottom:1px solid var(--rule)}
.head{display:flex;align-items:baseline;gap:.5rem}
.anchor{text-decoration:none;color:var(--quiet);padding:0 .3rem}
.quiet{color:var(--quiet);font-size:.85em;font-weight:400}
.basis{color:var(--quiet);font-size:.92rem}
.basis strong{border:1px solid currentColor;border-radius:.3rem;padding:0 .35rem;font-weight:600}
.lead{font-size:1.05rem}
.answer{border-left:4px solid var(--link);padding-left:.9rem;margin:1.25rem 0}
.answer h3{margin-top:0}
.evidence{color:var(--quiet);font-size:.92rem}
details{margin:.75rem 0}
summary{cursor:pointer;padding:.25rem 0;overflow-wrap:anywhere}
.verdict{border-top:1px solid var(--rule);margin:0;padding:.2rem 0}
.legend{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.25rem;max-width:none;font-size:.92rem}
span.key{display:inline-block;border-radius:.3rem;padding:0 .4rem}
.good{background:var(--good);color:var(--good-text)}
.mixed{background:var(--mixed);color:var(--mixed-text)}
.bad{background:var(--bad);color:var(--bad-text)}
.none{background:var(--none);color:var(--none-text)}
#tools{display:flex;flex-wrap:wrap;gap:.5rem .75rem;align-items:end;margin:.75rem 0}
#tools:empty{display:none}
label{font-size:.9rem}
input[type=search],button{font:inherit;color:var(--text);background:var(--raised);border:1px solid var(--quiet);border-radius:.35rem;padding:.3rem .55rem}
input[type=search]{width:min(24rem,100%)}
.search{flex:1 1 16rem;display:flex;flex-direction:column;max-width:24rem}
.found{font-size:.92rem;color:var(--quiet);flex-basis:100%}
button{cursor:pointer}
#tip{position:fixed;z-index:30;max-width:min(34rem,92vw);background:var(--raised);color:var(--text);border:1px solid var(--quiet);border-radius:.4rem;padding:.5rem .7rem;font-size:.88rem;box-shadow:0 4px 16px #0004}
#tip p{margin:.15rem 0;overflow-wrap:anywhere}
#tip p:first-child{font-weight:600}
[hidden]{display:none}
`;
