/** A thread that asks the brokers of a cluster for another one. An error that nobody expects ends it, and with it the run. */

import { parentPort, workerData } from 'node:worker_threads';
import { bug } from '../../errors.ts';
import type { KafkaAccess } from '../../source/kafka/access.ts';
import { ClusterService } from '../../source/kafka/cluster-service.ts';

if (!parentPort) throw bug('kafka-thread.ts was not started as a thread');
new ClusterService(parentPort, workerData as KafkaAccess).start();
