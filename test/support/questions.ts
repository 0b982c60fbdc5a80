/** Runs the commands and requests of docs/questions.md, and puts what they answer below each. */

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask } from '../../scripts/ask.ts';
import { type RunningCli, run, start } from './cli.ts';

/** Characters of a line of JSON. */
const WIDTH = 108;
const SERVER = 'http://localhost:8888';
/** A block of commands, and the block of their answer if one follows. */
const BLOCKS = /```sh\n([\s\S]*?)```\n(?:\n```(text|json|csv)\n([\s\S]*?)```\n)?/g;
/** The last line of an answer of which the document has only the beginning. */
const MORE = '…\n';

/** @returns the document with the answers of now. @throws where a command fails. */
export async function answered(document: string): Promise<string> {
  const session = new Session();
  try {
    let text = '';
    let end = 0;
    for (const match of document.matchAll(BLOCKS)) {
      const [all, commands = '', form, before = ''] = match;
      const output = await session.run(commands.trim().split('\n'));
      const answer = form === undefined ? '' : `\n\`\`\`${form}\n${cut(shown(output, form), before)}\`\`\`\n`;
      text += `${document.slice(end, match.index)}\`\`\`sh\n${commands}\`\`\`\n${answer}`;
      end = match.index + all.length;
    }
    return text + document.slice(end);
  } finally {
    await session.close();
  }
}

/** What a reader types into one shell, in a directory of its own. */
class Session {
  readonly #directory = realpathSync(mkdtempSync(join(tmpdir(), 'daymark-questions-')));
  readonly #env: Record<string, string> = {};
  #server: RunningCli | undefined;
  #url = '';

  async run(commands: readonly string[]): Promise<string> {
    let output = '';
    for (const command of commands) output += await this.#runOne(command);
    return this.#normalized(output);
  }

  async close(): Promise<void> {
    this.#server?.process.kill('SIGTERM');
    await this.#server?.ended;
    rmSync(this.#directory, { recursive: true });
  }

  async #runOne(command: string): Promise<string> {
    const [, name, value] = /^export (\w+)=(\S+)$/.exec(command) ?? [];
    if (name !== undefined && value !== undefined) {
      this.#env[name] = value;
      return '';
    }
    const [, url] = /^curl '([^']+)'$/.exec(command) ?? [];
    if (url !== undefined) return this.#get(url);
    const [, line] = /^npx --no-install daymark ([^'"$|]+)$/.exec(command) ?? [];
    if (line === undefined) throw new Error(`no command that is known: ${command}`);
    const options = { cwd: this.#directory, env: this.#env };
    if (line === 'serve &') {
      this.#server = start(['serve'], { ...options, env: { ...this.#env, PORT: '0' } });
      this.#url = (await this.#server.says('serving')).match(/http:\/\/[^\s/]+/)?.[0] ?? '';
      return '';
    }
    const { code, stdout, stderr } = await run(line.split(' '), options);
    if (code !== 0) throw new Error(`${command}\n${stderr}`);
    return stdout;
  }

  async #get(url: string): Promise<string> {
    const answer = await ask(url.replace(SERVER, this.#url));
    if (!answer.ok) throw new Error(`${url}\n${await answer.text()}`);
    return answer.text();
  }

  /** Ids, places and the times of now differ with each run. The times of the log are of 2024. */
  #normalized(text: string): string {
    return text
      .replaceAll(this.#directory, '/home/you')
      .replaceAll(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, '0c7c0a3e-5a1e-4a3c-9d9c-5f2f6f0d8a11')
      .replaceAll(/(?!20[01]\d|202[0-4])\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (time) =>
        time.includes('.') ? '2024-10-01T08:00:00.000Z' : '2024-10-01T08:00:00Z',
      );
  }
}

function shown(output: string, form: string): string {
  return form === 'json' ? `${compactJson(JSON.parse(output))}\n` : output;
}

/** As many lines as the document had before `…`. */
function cut(output: string, before: string): string {
  if (!before.endsWith(MORE)) return output;
  const lines = before.split('\n').length - 2;
  return `${output.split('\n').slice(0, lines).join('\n')}\n${MORE}`;
}

/** JSON in which an object or a list has one line if it fits. */
function compactJson(value: unknown, indent = ''): string {
  const onOneLine = JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return onOneLine;
  if (indent.length + onOneLine.length <= WIDTH) return onOneLine;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((part) => compactJson(part, inner))
    : Object.entries(value).map(([name, part]) => `${JSON.stringify(name)}:${compactJson(part, inner)}`);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${filled(parts, inner)}\n${indent}${close}`;
}

/** Short parts share a line. */
function filled(parts: readonly string[], indent: string): string {
  const lines: string[] = [];
  for (const [at, part] of parts.entries()) {
    const text = at === parts.length - 1 ? part : `${part},`;
    const last = lines.at(-1);
    const joined = `${last} ${text}`;
    const fits = last !== undefined && !joined.includes('\n') && joined.length <= WIDTH;
    if (fits) lines[lines.length - 1] = joined;
    else lines.push(indent + text);
  }
  return lines.join('\n');
}
