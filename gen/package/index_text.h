/* index_text.h: style and script of index.html. Private to index_html.c.
 *
 * The XML writer escapes < > & in text, and browsers do not undo that inside style and script: so neither holds any of the three. */
#ifndef VB_INDEX_TEXT_H
#define VB_INDEX_TEXT_H

static const char index_style[] =
  "\n:root{color-scheme:light;--ink:#1a1a1a;--line:#c9ced6;--head:#eef2f7;--link:#0b4f9c}\n"
  "*{box-sizing:border-box}\n"
  "body{margin:0 auto;max-width:100rem;padding:1rem 1.25rem 3rem;color:var(--ink);background:#fff;font:16px/1.45 'Liberation Sans','Segoe UI',Arial,sans-serif}\n"
  "h1{font-size:1.5rem;margin:.5rem 0 .25rem}h2{font-size:1.15rem;margin:1.75rem 0 .5rem}\n"
  "a{color:var(--link)}a:focus-visible,button:focus-visible,input:focus-visible,summary:focus-visible{outline:3px solid #f0a500;outline-offset:2px}\n"
  "#lang-vi:checked~main [lang=en],#lang-en:checked~main [lang=vi]{display:none}\n"
  ".facts{margin:.25rem 0 1rem;color:#444}\n"
  "table{border-collapse:collapse}\n"
  "caption{text-align:left;padding:.35rem 0;font-weight:600}\n"
  "th,td{border:1px solid var(--line);padding:.3rem .5rem;text-align:left;vertical-align:top}\n"
  ".n{text-align:right;font-variant-numeric:tabular-nums}\n"
  "#totals th{background:var(--head);font-weight:400;font-size:.9rem}#totals td{font-size:1.15rem;font-weight:600}\n"
  "#documents{width:100%;margin-top:.5rem}\n"
  "#documents thead th{position:sticky;top:0;background:var(--head);z-index:1}\n"
  "#documents tbody th{font-weight:600}\n"
  "thead button{all:unset;cursor:pointer;font-weight:600}\n"
  "thead button:focus-visible{outline:3px solid #f0a500}\n"
  "th[aria-sort=ascending] button::after{content:' \\25B2'}th[aria-sort=descending] button::after{content:' \\25BC'}\n"
  ".tag{white-space:nowrap;padding:.05rem .4rem;border-radius:.6rem;border:1px solid currentColor}\n"
  ".written,.unchanged{color:#14622a}.withheld{color:#9b1c1c}.no-data{color:#5b5b5b}\n"
  ".error{color:#9b1c1c}.warning{color:#7a4a00}.info{color:#444}.waived{color:#5b5b5b}\n"
  "summary{cursor:pointer}ul{margin:.25rem 0;padding-left:1.1rem}li{margin:.15rem 0;overflow-wrap:anywhere}\n"
  ".whole{white-space:nowrap}\n"
  ".files a{margin-right:.5rem;white-space:nowrap}\n"
  ".find{margin:.75rem 0}.find input{font:inherit;padding:.25rem .5rem;min-width:18rem}\n"
  "code{font-family:'Liberation Mono',Consolas,monospace;font-size:.9em}\n"
  "@media print{body{max-width:none;padding:0;font-size:9pt}.switch,.find{display:none}a{color:inherit;text-decoration:none}"
  "#documents thead th{position:static}tr{break-inside:avoid}}\n";

static const char index_script[] =
  "\n(function(){'use strict';\n"
  "var table=document.getElementById('documents'),body=table.tBodies[0],box=document.getElementById('find'),field=document.getElementById('unit'),count=document.getElementById('count');\n"
  "var rows=Array.prototype.slice.call(body.rows),collator=new Intl.Collator('vi',{numeric:true}),timer=0;\n"
  "function bare(s){return s.normalize('NFD').replace(/[\\u0300-\\u036f]/g,'').replace(/[\\u0110\\u0111]/g,'d').toLowerCase().trim();}\n"
  "function filter(){var q=bare(field.value),n=0;rows.forEach(function(r){var on=r.getAttribute('data-unit').includes(q);r.hidden=on===false;n+=on?1:0;});count.textContent=n+' / '+rows.length;}\n"
  "field.addEventListener('input',function(){clearTimeout(timer);timer=setTimeout(filter,120);});\n"
  "box.hidden=false;filter();\n"
  "function key(r,i){var c=r.cells[i],k=c.getAttribute('data-key');return k===null?c.textContent:k;}\n"
  "table.tHead.addEventListener('click',function(e){var b=e.target.closest('button');if(b===null)return;var th=b.parentNode,i=th.cellIndex,number=th.hasAttribute('data-number');\n"
  "var down=th.getAttribute('aria-sort')==='ascending',sign=down?-1:1;\n"
  "var keyed=rows.map(function(r,at){var k=key(r,i);return{row:r,at:at,key:number?Number(k):k};});\n"
  "keyed.sort(function(x,y){var c=number?x.key-y.key:collator.compare(x.key,y.key);return c===0?x.at-y.at:sign*c;});\n"
  "var all=document.createDocumentFragment();keyed.forEach(function(k){all.appendChild(k.row);});body.appendChild(all);\n"
  "Array.prototype.forEach.call(table.tHead.rows[0].cells,function(c){if(c.hasAttribute('aria-sort'))c.setAttribute('aria-sort','none');});\n"
  "th.setAttribute('aria-sort',down?'descending':'ascending');});\n"
  "window.addEventListener('beforeprint',function(){document.querySelectorAll('details').forEach(function(d){d.open=true;});});\n"
  "}());\n";

#endif
