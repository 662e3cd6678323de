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
.grid td{white-space:normal}
tr,figure,.answer{break-inside:avoid}
h2,h3{break-after:avoid}
}
`;
