/** True for the request header that is the customer id. It is preferred to the name of the user. */
export function isCustomerHeader(name: string): boolean {
  return name.toLowerCase().replaceAll('_', '-') === 'x-customer-id';
}
