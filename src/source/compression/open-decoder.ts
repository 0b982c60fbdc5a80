import type { Decoder } from './decoder.ts';
import { GzipDecoder } from './gzip-decoder.ts';
import type { Compressed } from './kinds.ts';
import { ZstdDecoder } from './zstd-decoder.ts';

/** The decoder of a kind. Those that are seldom needed are loaded when they are. */
export async function openDecoder(compression: Compressed): Promise<Decoder> {
  if (compression === 'gzip') return new GzipDecoder();
  if (compression === 'zstd') return new ZstdDecoder();
  if (compression === 'bzip2') return new (await import('./bzip2-decoder.ts')).Bzip2Decoder();
  return await (await import('./xz-decoder.ts')).XzDecoder.open();
}
