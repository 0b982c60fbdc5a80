/** The single executable: the program, and also each of its processes that answer requests, which it starts from itself. */

import cluster from 'node:cluster';

if (cluster.isWorker) void import('./commands/serving/processes/api-process.ts');
else void import('./main.ts');
