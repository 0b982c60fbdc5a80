import { FILES, MESSAGES } from '../support/sources.ts';
import { testSource } from './source-suite.ts';

testSource(FILES);
testSource(MESSAGES);
