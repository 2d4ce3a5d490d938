import type { RequestHandler } from 'express';
import type { DomainError } from '../../kernel/domain-error.ts';
import type { Problem } from '../../kernel/problem.ts';
import { toProblem } from './problem.filter.ts';

const STYLE = `body{font:16px/1.6 system-ui,sans-serif;max-width:42rem;margin:10vh auto;padding:0 1.5rem;color-scheme:light dark}
h1{line-height:1.2}code,pre{font:14px/1.5 ui-monospace,monospace}pre{overflow:auto;padding:1rem;border:1px solid #8885;border-radius:8px}`;

/** Answers below `/problems`: what the `type` of a problem points at. An unknown code is left to whoever comes next. */
export function problemPages(catalogue: readonly DomainError[]): RequestHandler {
  const pages = new Map(catalogue.map((example) => [`/${example.code}`, pageOf(toProblem(example))]));
  pages.set('/', indexOf(catalogue));
  return (request, response, next) => {
    const page = request.method === 'GET' || request.method === 'HEAD' ? pages.get(request.path) : undefined;
    if (page === undefined) return next();
    return void response.type('html').send(page);
  };
}

function pageOf(example: Problem): string {
  const { code, title, detail = '', status } = example;
  return page(
    title,
    `<p>${escape(detail)}</p>
<p>The API answers with status ${status} and this code, on which a program can rely: <code>${escape(code)}</code></p>
<pre>${escape(JSON.stringify(example, null, 2))}</pre>
<p><a href="/problems">All problems</a> · <a href="/api/docs">The API</a></p>`,
  );
}

function indexOf(catalogue: readonly DomainError[]): string {
  const items = catalogue
    .toSorted((a, b) => (a.code < b.code ? -1 : 1))
    .map(({ code, title }) => `<li><a href="/problems/${code}"><code>${code}</code></a> ${escape(title)}</li>`);
  return page('Problems', `<ul>\n${items.join('\n')}\n</ul>`);
}

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)} · Wasel</title><style>${STYLE}</style></head>
<body><h1>${escape(title)}</h1>
${body}
</body></html>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
