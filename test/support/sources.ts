/** The sources that must pass the conformance tests, each over a log that stays when the program ends. */

import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Source } from '../../src/source/contract.ts';
import { FilesSource } from '../../src/source/files/files-source.ts';
import { MessageQueue, MessageSource } from './message-source.ts';

/** A log that grows by messages of whole lines; the last line of a message may lack its newline. */
export interface SourceLog {
  append(message: string): void | Promise<void>;
  /** Opens it as a new process would. */
  open(isFollowing: boolean): Source;
  dispose(): void | Promise<void>;
}

export interface SourceKind {
  readonly name: string;
  readonly createLog: () => SourceLog | Promise<SourceLog>;
  /** How often random tests try it. */
  readonly runs: number;
}

export const FILES: SourceKind = { name: 'files', createLog: fileLog, runs: 25 };
export const MESSAGES: SourceKind = { name: 'messages', createLog: messageLog, runs: 25 };

function fileLog(): SourceLog {
  const directory = mkdtempSync(join(tmpdir(), 'daymark-source-'));
  const path = join(directory, 'app.log');
  return {
    append: (message) => appendFileSync(path, message.endsWith('\n') ? message : `${message}\n`),
    open: (isFollowing) => new FilesSource([path], { isFollowing }),
    dispose: () => rmSync(directory, { recursive: true }),
  };
}

function messageLog(): SourceLog {
  const queue = new MessageQueue();
  let messages = 0;
  return {
    append: (message) => queue.append(message, messages++ % 3),
    open: () => new MessageSource(queue),
    dispose: () => undefined,
  };
}
