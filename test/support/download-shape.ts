/**
 * How downloads look in tests: as reference 3.6 proposes. The ISO's own specification is not public.
 *
 * @param over such as another format
 */
export function toDownloadSettings(over: object = {}) {
  return {
    path: '/downloadMeterData.jsp',
    parameters: {
      dir: 'START',
      userAction: 'Download',
      resourceId: '{resource}',
      startDate: '{from}',
      endDate: '{to}',
      format: 'CSV',
    },
    dayFormat: 'MM/DD/YYYY',
    format: 'csv',
    profile: 'gmt',
    contentType: 'text/csv',
    ...over,
  };
}
