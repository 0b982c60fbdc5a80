import { describe, expect, it } from 'vitest';
import { elementsOf, parse, wrong } from '../../support/format-text.ts';

describe('the format of Envoy', () => {
  it('is read with its newline at the end, and headers cut at a length', () => {
    expect(
      elementsOf(
        '[%START_TIME%] "%REQ(:METHOD):5% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %DURATION% %REQ(X-CUSTOMER-ID):64%\\n',
      ),
    ).toBe(
      '[<timestamp iso8601>] "<-REQ(:METHOD)> <request_path?> <-PROTOCOL>" <status> <duration ms?> <customer_id?>',
    );
  });

  it.each([
    ['%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%', 'iso8601'],
    ['%START_TIME(%Y/%m)%', undefined],
    ['%START_TIME(%s.%3f)%', 'epoch_s'],
    ['%START_TIME(%s%3f)%', 'epoch_ms'],
    ['%START_TIME(%s%6f)%', 'epoch_us'],
    ['%START_TIME(%s%9f)%', 'epoch_ns'],
    ['%START_TIME(%d/%b/%Y:%H:%M:%S %z)%', 'clf'],
    ['%START_TIME(%b %e %H:%M:%S.%f %Y)%', '%b %e %H:%M:%S.%f %Y'],
  ])('takes the time from %s', (time, kind) => {
    const text = `${time} %RESPONSE_CODE%`;
    if (kind) expect(elementsOf(text)).toBe(`<timestamp ${kind}> <status>`);
    else expect(() => parse(text)).toThrow(wrong('daymark cannot read this form of time'));
  });

  it('is refused where an operator is broken', () => {
    expect(() => parse('%START_TIME% %RESPONSE_CODE% %duration%')).toThrow(wrong('An operator is written'));
  });
});
