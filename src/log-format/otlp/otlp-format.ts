/** The format of the lines that `otlp-lines.ts` makes of attributes. @param durationUnit of the attribute with the duration. */
export function otlpFormat(durationUnit: string): string {
  return [
    ...['json', 'timestamp=timestamp:epoch_ns', 'customer_id=customer_id?', 'request_path=request_path?'],
    ...['status=status', `duration=duration:${durationUnit}?`],
    ...['method=method', 'host=host', 'client=client', 'agent=agent'],
  ].join(' ');
}
