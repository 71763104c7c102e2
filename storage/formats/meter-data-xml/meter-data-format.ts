import type { Instant } from '../../model/time.ts';
import type { XmlTemplate } from '../xml/xml-template.ts';

/** One interval of one resource, as it is to be written; the rows for OMAR-Online have the same shape. */
export interface MeterDataRow {
  readonly resourceId: string;
  readonly measurementType: string;
  readonly unit: string;
  readonly intervalMinutes: number;
  readonly endAt: Instant;
  /** Decimal text. */
  readonly value: string;
  readonly isEstimated: boolean;
}

/** One interval as MRI-S holds it. */
export interface MeterReading extends MeterDataRow {
  /** Which element names the resource: `RegisteredGenerator`, `RegisteredLoad`, `Flowgate`. */
  readonly resourceKind: string;
  readonly scId?: string;
  /** The quality code where there is one, `isEstimated` or not. */
  readonly quality?: string;
  readonly updatedAt?: Instant;
}

/** What is known of a measurement type (interface specification of MRI-S, its table is not public). */
interface MeasurementType {
  /** The kind of resource that it is measured at. */
  readonly resource: string;
  readonly unit: string;
  readonly intervalMinutes: readonly number[];
}

/**
 * How MeterData_v1 is written and read. Its schema is not public: everything that a deployment holding it might have
 * to correct stands here, as data.
 *
 * Fields of a series: `resourceId`, `measurementType`, `unit`, `intervalMinutes`, `scId`; of its list `intervals`:
 * `endAt`, `value`, `quality`, `updatedAt`.
 */
export interface MeterDataFormat {
  readonly template: XmlTemplate;
  readonly measurementTypes: Readonly<Record<string, MeasurementType>>;
  /** Resources whose kind is another than their measurement type's, by resource id: pumps, for example. */
  readonly resourceKinds: Readonly<Record<string, string>>;
  /** How a value of a unit becomes one of another: it is multiplied by this power of ten, exactly. */
  readonly units: readonly { readonly from: string; readonly to: string; readonly powerOfTen: number }[];
  /** The quality code of an estimated value; others have none. */
  readonly estimated: string;
}
