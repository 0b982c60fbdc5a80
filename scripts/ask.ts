import { setTimeout } from 'node:timers/promises';

/** Asks a server, and again for as long as it says that it is overloaded, as a machine is that does much else. */
export async function ask(url: string): Promise<Response> {
  for (;;) {
    const answer = await fetch(url);
    const seconds = answer.headers.get('retry-after');
    if (answer.status !== 503 || seconds === null) return answer;
    await answer.body?.cancel();
    await setTimeout(Number(seconds) * 1000);
  }
}
