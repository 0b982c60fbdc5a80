/** A TCP proxy before a broker that flips a bit of what the broker sends. */

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { KafkaAddresses } from './cluster.ts';

export interface FlippingProxy {
  /** Where clients connect to. */
  readonly brokers: string;
  /** How often a bit was flipped. */
  readonly flips: number;
  /** Flips a bit of the first byte of this text, the next `times` times that it comes. */
  flip(text: string, times: number): void;
  close(): Promise<void>;
}

/** Only one at a time can be before the broker: its address is what the broker tells clients. */
export async function startFlippingProxy({ brokers, proxyPort }: KafkaAddresses): Promise<FlippingProxy> {
  const [host = '', port] = brokers.PROXIED.split(':');
  const sockets = new Set<Socket>();
  let [text, left, flips] = ['', 0, 0];
  const server = createServer((client) => {
    const broker = connect(Number(port), host);
    for (const socket of [client, broker]) {
      sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    }
    client.pipe(broker);
    broker.on('data', (data) => {
      const at = left > 0 ? data.indexOf(text) : -1;
      if (at >= 0) {
        data[at] = (data[at] as number) ^ 1;
        left--;
        flips++;
      }
      client.write(data);
    });
    broker.on('end', () => client.end());
    client.on('close', () => broker.destroy());
  });
  server.listen(proxyPort, '127.0.0.1');
  await once(server, 'listening');
  return {
    brokers: `127.0.0.1:${proxyPort}`,
    get flips() {
      return flips;
    },
    flip: (wanted, times) => {
      [text, left] = [wanted, times];
    },
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}
