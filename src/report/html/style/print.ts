/** Paper: nothing to click, nothing cut off, folded parts as the reader left them. */
export const PRINT = `
@media print{
@page{size:A4 landscape;margin:12mm}
body{font-size:10pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}
nav,#tools,.filter,.skip,.anchor,#tip{display:none!important}
nav{position:static}
.scroll{max-height:none;overflow:visible;border:0;width:auto}
table{font-size:7pt}
th,td{padding:1pt 3pt}
thead th,tbody th{position:static}
.grid td,td.n,th.n{white-space:normal}
.grid thead tr+tr th{min-width:0;max-width:none}
tbody th,.grid tbody th{min-width:8rem;max-width:13rem;overflow-wrap:anywhere}
th button::after{content:none!important}
tr,figure,.answer{break-inside:avoid}
h2,h3{break-after:avoid}
}
`;
