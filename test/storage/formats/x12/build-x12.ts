/** An ISA of 106 characters, its terminator left out. */
export function toIsa(
  change: Readonly<Record<number, string>> = {},
  separator = '*',
  component = '>',
): string {
  const elements = [
    '00',
    ' '.repeat(10),
    '00',
    ' '.repeat(10),
    '01',
    '333333333      ',
    '01',
    '222222222      ',
    '000105',
    '0630',
    'U',
    '00401',
    '000000001',
    '0',
    'P',
    component,
  ];
  return ['ISA', ...elements.map((element, index) => change[index + 1] ?? element)].join(separator);
}

export const header = [
  'BPT*00*333333333-20000105-000001*20000105*C1****0630',
  'N1*8S*EXAMPLE UDC*1*111111111',
  'REF*12*UDC-ACCT-0001',
  'N1*SJ*EXAMPLE ESP*1*222222222**40',
  'REF*11*ESP-ACCT-77',
  'N1*55*EXAMPLE MDMA*1*333333333**41',
];

/** Four hours of a meter, from midnight in Los Angeles. */
export const loop = [
  'PTD*PM***OZ*EL',
  'DTM*150****DT*200001040000',
  'DTM*151****DT*200001040400',
  'REF*MG*MTR1',
  'REF*LU*SDP1',
  'REF*6W*1',
  'REF*MT*KH060',
  'QTY*QD*10*KH',
  'QTY*QD*9.5*KH',
  'QTY*KA*12.25*KH',
  'QTY*QD*11*KH',
];

/** A month of a meter with time of use, its quantity 30. */
export const cumulative = [
  'PTD*PM***OZ*EL',
  'DTM*150****DT*199912030000',
  'DTM*151****DT*200001040000',
  'REF*MG*MTR2',
  'REF*MT*KHMON',
  'QTY*QD*30*KH',
  'MEA**MU*2',
  'MEA*AA*PRQ*10*KH*100*105*42',
  'MEA*AA*PRQ*20*KH*200*210*41',
  'MEA*AA*PRQ*30*KH*300*315*51',
];
export const cumulativeHeader = header.map((segment) => segment.replace('*C1*', '*DD*'));

/** A transaction set, counted. */
export function toSet(segments: readonly string[], control = '0001', id = '867'): string[] {
  return [`ST*${id}*${control}`, ...segments, `SE*${segments.length + 2}*${control}`];
}

export interface FileInput {
  readonly isa?: string;
  readonly group?: string;
  readonly sets?: readonly (readonly string[])[];
  readonly trailer?: readonly string[];
  readonly terminator?: string;
  readonly lineBreak?: string;
}

/** An interchange with one group; what is left out is right. */
export function toFile(input: FileInput = {}): string {
  const sets = input.sets ?? [toSet([...header, ...loop])];
  const segments = [
    input.isa ?? toIsa(),
    input.group ?? 'GS*PT*333333333*222222222*20000105*0630*1*X*004010',
    ...sets.flat(),
    ...(input.trailer ?? [`GE*${sets.length}*1`, 'IEA*1*000000001']),
  ];
  const { terminator = '~', lineBreak = '\n' } = input;
  return segments.map((segment) => `${segment}${terminator}${lineBreak}`).join('');
}

/** The usual interval set with some segments replaced: by their text, or their place in header and loop. */
export function toChanged(
  changes: Readonly<Record<string, string | readonly string[]>>,
  base = [...header, ...loop],
): string {
  const segments = base.flatMap((segment) => changes[segment] ?? [segment]);
  const missed = Object.keys(changes).filter((key) => !base.includes(key));
  if (missed.length > 0) throw new Error(`Cannot change ${missed.join(', ')}: not in the set`);
  return toFile({ sets: [toSet(segments)] });
}
