// @ts-check
// The shell of every page: self-contained, no script, no asset from anywhere.

const STYLE = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--text:#16181d;--quiet:#5b6270;--line:#dfe2e8;--accent:#1f4fd8;--on-accent:#fff;--note:#fff4d1;--note-text:#5c4300;--note-line:#efd484;--bad:#a61b1b}
@media (prefers-color-scheme:dark){:root{--page:#0f1115;--card:#181b21;--text:#eceef2;--quiet:#a0a7b4;--line:#2c313b;--accent:#8aa8ff;--on-accent:#0c1224;--note:#3a2f0c;--note-text:#ffe6a1;--note-line:#5d4c16;--bad:#ff9d9d}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 ui-sans-serif,system-ui,-apple-system,"Segoe UI",sans-serif;-webkit-text-size-adjust:100%}
header{padding:.65rem 1rem;background:var(--note);color:var(--note-text);border-bottom:1px solid var(--note-line);text-align:center;font-weight:600}
main{max-width:30rem;margin:0 auto;padding:2rem 1rem 3rem}
main.wide{max-width:40rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:1.5rem;margin:0 0 1rem}
h1{font-size:1rem;font-weight:500;color:var(--quiet);margin:0}
h1.page{font-size:1.5rem;font-weight:650;color:var(--text);margin:0 0 1rem}
h2{font-size:1rem;font-weight:600;margin:0 0 .75rem}
.amount{font-size:2.25rem;line-height:1.2;font-weight:650;letter-spacing:-.02em;margin:.25rem 0 0;font-variant-numeric:tabular-nums}
p{margin:.5rem 0}
.quiet{color:var(--quiet);font-size:.875rem}
.bad{color:var(--bad);font-weight:500}
table{width:100%;border-collapse:collapse;font-size:.9375rem;margin-top:1rem}
td{padding:.5rem 0;border-top:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}
td:last-child{text-align:right;white-space:nowrap;padding-left:1rem;font-variant-numeric:tabular-nums}
tr.total td{font-weight:600}
label{display:block;font-size:.875rem;font-weight:500;margin:0 0 .25rem}
input{width:100%;font:inherit;color:inherit;background:var(--page);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .75rem;margin:0 0 1rem}
button,.button{display:block;width:100%;font:inherit;font-weight:550;text-align:left;color:var(--text);background:transparent;border:1px solid var(--line);border-radius:.5rem;padding:.7rem .9rem;margin:0 0 .5rem;cursor:pointer;text-decoration:none}
button small{display:block;font-size:.8125rem;font-weight:400;color:var(--quiet)}
button:hover,.button:hover{border-color:var(--accent)}
button:focus-visible,.button:focus-visible,input:focus-visible,a:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
button.main{background:var(--accent);border-color:var(--accent);color:var(--on-accent);text-align:center;font-weight:600;margin-bottom:1.25rem}
.row{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;justify-content:space-between;padding:.75rem 0;border-top:1px solid var(--line)}
.row form{display:flex;gap:.5rem}
.row button{width:auto;margin:0;padding:.35rem .7rem;font-size:.875rem}
.tag{font-size:.75rem;border:1px solid var(--line);border-radius:1rem;padding:.05rem .5rem;margin-left:.4rem;color:var(--quiet)}
a{color:var(--accent)}
table+p{margin-top:1rem}
.card>:first-child{margin-top:0}
.card>:last-child{margin-bottom:0}
.card>.row:last-child,.card tr:last-child td{padding-bottom:0}
`;

/**
 * @param {string} title
 * @param {string} body markup
 * @param {{ isWide?: boolean }} [look]
 */
export const htmlPage = (title, body, { isWide = false } = {}) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<header>Test mode: no real money moves</header>
<main${isWide ? ' class="wide"' : ""}>
${body}
</main>
</body>
</html>
`;

/** @param {string} text */
export const escaped = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
