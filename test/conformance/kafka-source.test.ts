import { kafkaTopics } from '../support/kafka/topic-log.ts';
import { testSource } from './source-suite.ts';

testSource(kafkaTopics());
