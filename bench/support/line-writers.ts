/** A line of the default format, with its index in the log, from 0. */
interface Line {
  readonly date: string;
  readonly time: string;
  readonly customer: string;
  readonly path: string;
  readonly status: string;
  readonly duration: string;
  readonly index: number;
}

export type LineWriter = (line: Line) => string;

const USER_AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  'python-requests/2.32.3',
  'curl/8.9.1',
  'okhttp/4.12.0',
  'Go-http-client/2.0',
];

const REFERRERS = [
  '-',
  '-',
  'https://example.com/',
  'https://app.example.com/dashboard?tab=usage',
  'https://docs.example.com/guides/getting-started',
];

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The number of addresses from which each customer sends requests. */
const ADDRESSES_PER_CUSTOMER = 4;

/** Write the same request in other formats. The same line always gives the same text. */
export const LINE_WRITERS = { combined, json } as const satisfies Record<string, LineWriter>;

function combined({ date, time, customer, path, status, index }: Line): string {
  const [year, month, day] = date.split('-');
  const number = scatter(index);
  const address = `192.0.${Number(customer.slice('cust_'.length)) % 256}.${1 + (number % ADDRESSES_PER_CUSTOMER)}`;
  const when = `${day}/${MONTHS[Number(month) - 1]}/${year}:${time} +0000`;
  const bytes = 200 + (number % 40_000);
  const rest = `"${pick(REFERRERS, number)}" "${pick(USER_AGENTS, number)}"`;
  return `${address} - ${customer} [${when}] "GET ${path} HTTP/1.1" ${status} ${bytes} ${rest}`;
}

function json({ date, time, customer, path, status, duration, index }: Line): string {
  const when = `"time":"${date}T${time}Z","customer_id":"${customer}"`;
  const what = `"method":"GET","path":"${path}","status":${status},"duration":${duration}`;
  return `{${when},${what},"user_agent":"${pick(USER_AGENTS, scatter(index))}"}`;
}

/** A number below 2^24 that looks random, so that neighbours differ. Knuth's multiplicative hashing. */
function scatter(index: number): number {
  return Math.imul(index, 2_654_435_761) >>> 8;
}

function pick(texts: readonly string[], number: number): string {
  return texts[(number >>> 4) % texts.length]!;
}
