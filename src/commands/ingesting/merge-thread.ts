/** A thread that merges what was spilled, while the pipeline's thread commits it. It gets {@link MergeCommand}s and sends `MergeMessage`s. */

import { parentPort } from 'node:worker_threads';
import { bug } from '../../errors.ts';
import { type MergeCommand, MergeService } from '../../pipeline/spill/merge-service.ts';
import { readableRun } from '../../store/run-file.ts';

if (!parentPort) throw bug('merge-thread.ts was not started as a thread');
const service = new MergeService(parentPort, readableRun);
parentPort.on('message', (command: MergeCommand) => service.handle(command));
