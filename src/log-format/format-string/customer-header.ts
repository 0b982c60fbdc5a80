/** Where a log has a request header of this name, it is the customer id before the user's name is. */
export function isCustomerHeader(name: string): boolean {
  return name.toLowerCase().replaceAll('_', '-') === 'x-customer-id';
}
