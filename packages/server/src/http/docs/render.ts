import { errorCatalogue } from '@ringside/protocol';

/** The parts of an OpenAPI document that the page shows. */
export interface OpenApi {
  readonly info: { readonly title: string; readonly description?: string; readonly version: string };
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly responses?: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }>
  >;
}

/** JSON Schema, as far as it is shown. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** A readable page of the whole HTTP interface, with every error that it answers. */
export function renderDocs(document: OpenApi): string {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'other'))];
  const sections = tags.map((tag) => {
    const rows = operations.filter(({ operation }) => (operation.tags?.[0] ?? 'other') === tag);
    return `<section><h2 id="${escapeHtml(tag)}">${escapeHtml(tag)}</h2>${rows.map(renderOperation).join('')}</section>`;
  });
  const { title, description = '', version } = document.info;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)} API</title><link rel="stylesheet" href="/docs/style.css"></head><body>
<header><h1>${escapeHtml(title)} <small>${escapeHtml(version)}</small></h1><p>${escapeHtml(description)}.
Machine-readable: <a href="/openapi.json">openapi.json</a>. Send <code>Authorization: Bearer &lt;api key&gt;</code>.</p>
<nav>${[...tags, 'errors'].map((tag) => `<a href="#${escapeHtml(tag)}">${escapeHtml(tag)}</a>`).join(' ')}</nav></header>
<main>${sections.join('')}${renderErrors()}</main></body></html>`;
}

function renderOperation({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const parameters = (operation.parameters ?? []).map(
    ({ name, in: place, required, schema }) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${place}${required ? ', required' : ''}</td><td>${renderSchema(schema)}</td></tr>`,
  );
  const body = Object.values(operation.requestBody?.content ?? {})[0]?.schema;
  const answers = Object.entries(operation.responses ?? {}).flatMap(([status, { content = {} }]) => {
    const schema = Object.values(content)[0]?.schema;
    return schema ? [`<details><summary>Answer ${status}</summary>${renderSchema(schema)}</details>`] : [];
  });
  return `<article><h3><b>${method.toUpperCase()}</b> <code>${escapeHtml(path)}</code></h3><p>${escapeHtml(operation.summary ?? '')}</p>
${parameters.length > 0 ? `<table>${parameters.join('')}</table>` : ''}
${body ? `<details><summary>Body</summary>${renderSchema(body)}</details>` : ''}${answers.join('')}</article>`;
}

function renderErrors(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, { status, title }]) =>
      `<tr id="error-${code}"><td><code>${code}</code></td><td>${status}</td><td>${escapeHtml(title)}</td></tr>`,
  );
  return `<section><h2 id="errors">errors</h2><p>Every refusal is a problem document (RFC 9457) with one of these codes.</p>
<table><tr><th>code</th><th>status</th><th>meaning</th></tr>${rows.join('')}</table></section>`;
}

function renderSchema(schema: Schema | undefined): string {
  if (!schema) return '';
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map(renderSchema).join(' <i>or</i> ');
  const note = schema.description ? ` <small>${escapeHtml(schema.description)}</small>` : '';
  if (schema.properties) {
    const required = new Set(schema.required);
    const rows = Object.entries(schema.properties).map(
      ([name, member]) =>
        `<tr><td><code>${escapeHtml(name)}</code>${required.has(name) ? '' : ' <i>optional</i>'}</td><td>${renderSchema(member)}</td></tr>`,
    );
    return `<table>${rows.join('')}</table>${note}`;
  }
  if (schema.items) return `list of ${renderSchema(schema.items)}${note}`;
  if (typeof schema.additionalProperties === 'object')
    return `map of ${renderSchema(schema.additionalProperties)}${note}`;
  return scalarName(schema) + note;
}

function scalarName(schema: Schema): string {
  if (schema.const !== undefined) return `<code>${escapeHtml(JSON.stringify(schema.const))}</code>`;
  if (schema.enum) return schema.enum.map((value) => `<code>${escapeHtml(String(value))}</code>`).join(' ');
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['any']);
  return escapeHtml(schema.format ? `${types.join(' or ')} (${schema.format})` : types.join(' or '));
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
