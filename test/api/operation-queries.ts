/**
 * A question to each operation that has an answer with rows, by its id.
 * @param range `from=…&to=…`, with rows of the customer.
 * @param date a day of it.
 */
export function operationQueries(
  customer: string,
  range: string,
  date: string,
): Readonly<Record<string, string>> {
  const id = `customer_id=${encodeURIComponent(customer)}`;
  return {
    getCustomerStats: range,
    getStats: `${id}&${range}`,
    getCustomerSpans: `${range}&granularity=hour`,
    getSpans: range,
    getCustomerSummary: range,
    getSummary: range,
    getHoursSummary: `from_hour=${date}T00:00:00Z&to_hour=${date}T23:00:00Z`,
    getCustomer: '',
    getCustomerInQuery: id,
    rankCustomers: range,
    listNewCustomers: range,
    // A week without any request, long after the range.
    listSilentCustomers: 'from=2030-01-01&to=2030-01-07&since=2024-01-01',
    listWorstDays: range,
    getCustomerEndpoints: range,
    getEndpoints: range,
    getStatuses: range,
    isLive: '',
    isReady: '',
    getAbout: '',
    getSession: '',
    getBadgeData: '',
    listLinks: '',
    listSources: '',
    listCustomerDaySources: `date=${date}`,
    listDaySources: `date=${date}`,
    listCustomerChanges: range,
    listChanges: `${id}&${range}`,
    listRejectedLines: '',
    getStatus: '',
  };
}
