/** One element of a segment: number of its data element in the X12 dictionary, lengths, whether it must be there. */
export interface ElementRule {
  readonly name: string;
  readonly dataElement: string;
  readonly min: number;
  readonly max: number;
  readonly isRequired: boolean;
}

type Row = readonly [name: string, dataElement: string | number, min: number, max: number, must?: 'must'];

const rows: Readonly<Record<string, readonly Row[]>> = {
  GS: [
    ['functional identifier', 479, 2, 2, 'must'],
    ['application sender', 142, 2, 15, 'must'],
    ['application receiver', 124, 2, 15, 'must'],
    ['date', 373, 8, 8, 'must'],
    ['time', 337, 4, 8, 'must'],
    ['group control number', 28, 1, 9, 'must'],
    ['agency', 455, 1, 2, 'must'],
    ['version', 480, 1, 12, 'must'],
  ],
  GE: [
    ['number of sets', 97, 1, 6, 'must'],
    ['group control number', 28, 1, 9, 'must'],
  ],
  IEA: [
    ['number of groups', 'I16', 1, 5, 'must'],
    ['interchange control number', 'I12', 9, 9, 'must'],
  ],
  TA1: [
    ['interchange control number', 'I12', 9, 9, 'must'],
    ['date', 'I08', 6, 6, 'must'],
    ['time', 'I09', 4, 4, 'must'],
    ['acknowledgement code', 'I17', 1, 1, 'must'],
    ['note code', 'I18', 3, 3, 'must'],
  ],
  ST: [
    ['set identifier', 143, 3, 3, 'must'],
    ['set control number', 329, 4, 9, 'must'],
  ],
  SE: [
    ['number of segments', 96, 1, 10, 'must'],
    ['set control number', 329, 4, 9, 'must'],
  ],
  BPT: [
    ['purpose', 353, 2, 2, 'must'],
    ['reference', 127, 1, 30, 'must'],
    ['date', 373, 8, 8, 'must'],
    ['report type', 755, 2, 2, 'must'],
    ['price multiplier qualifier', 648, 3, 3],
    ['price multiplier', 649, 1, 10],
    ['action', 306, 1, 2],
    ['time', 337, 4, 8],
    ['second reference', 127, 1, 30],
    ['security level', 786, 2, 2],
  ],
  N1: [
    ['party', 98, 2, 3, 'must'],
    ['name', 93, 1, 60],
    ['id qualifier', 66, 1, 2],
    ['id', 67, 2, 80],
    ['relationship', 706, 2, 2],
    ['role', 98, 2, 3],
  ],
  REF: [
    ['qualifier', 128, 2, 3, 'must'],
    ['reference', 127, 1, 30, 'must'],
    ['description', 352, 1, 80],
  ],
  PTD: [
    ['loop type', 521, 2, 2, 'must'],
    ['qualifier', 128, 2, 3],
    ['reference', 127, 1, 30],
    ['product qualifier', 128, 2, 3, 'must'],
    ['product', 127, 1, 30, 'must'],
  ],
  DTM: [
    ['qualifier', 374, 3, 3, 'must'],
    ['date', 373, 8, 8],
    ['time', 337, 4, 8],
    ['time code', 623, 2, 2],
    ['period format', 1250, 2, 3],
    ['period', 1251, 1, 35],
  ],
  QTY: [
    ['qualifier', 673, 2, 2, 'must'],
    // 15 digits, a sign and a point; digits are counted where the number is read.
    ['quantity', 380, 1, 17, 'must'],
    ['unit', 355, 2, 2, 'must'],
  ],
  MEA: [
    ['status of the reads', 737, 2, 2],
    ['qualifier', 738, 1, 3, 'must'],
    ['value', 739, 1, 20, 'must'],
    ['unit', 355, 2, 2],
    ['begin read', 740, 1, 20],
    ['end read', 741, 1, 20],
    ['time of use', 935, 2, 2],
  ],
  AK1: [
    ['functional identifier', 479, 2, 2, 'must'],
    ['group control number', 28, 1, 9, 'must'],
  ],
  AK2: [
    ['set identifier', 143, 3, 3, 'must'],
    ['set control number', 329, 4, 9, 'must'],
  ],
  AK3: [
    ['segment', 721, 2, 3, 'must'],
    ['position in the set', 719, 1, 6, 'must'],
    ['loop', 447, 1, 4],
    ['error', 720, 1, 3],
  ],
  AK4: [
    ['position in the segment', 'C030', 1, 5, 'must'],
    ['data element', 725, 1, 4],
    ['error', 723, 1, 3, 'must'],
    ['bad element', 724, 1, 99],
  ],
  AK5: [
    ['result', 717, 1, 1, 'must'],
    ['error 1', 718, 1, 3],
    ['error 2', 718, 1, 3],
    ['error 3', 718, 1, 3],
    ['error 4', 718, 1, 3],
    ['error 5', 718, 1, 3],
  ],
  AK9: [
    ['result', 715, 1, 1, 'must'],
    ['sets claimed', 97, 1, 6, 'must'],
    ['sets received', 123, 1, 6, 'must'],
    ['sets accepted', 2, 1, 6, 'must'],
    ['error 1', 716, 1, 3],
    ['error 2', 716, 1, 3],
    ['error 3', 716, 1, 3],
    ['error 4', 716, 1, 3],
    ['error 5', 716, 1, 3],
  ],
};

function toRules(list: readonly Row[]): readonly ElementRule[] {
  return list.map(([name, dataElement, min, max, must]) => ({
    name,
    dataElement: String(dataElement),
    min,
    max,
    isRequired: must === 'must',
  }));
}

/** Elements of every segment of an 867, a 997 and their envelope, X12 004010, from element 1. */
export const segmentRules: ReadonlyMap<string, readonly ElementRule[]> = new Map(
  Object.entries(rows).map(([id, list]) => [id, toRules(list)]),
);
