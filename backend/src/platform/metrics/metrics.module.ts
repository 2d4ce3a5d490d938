import { Global, Module } from '@nestjs/common';
import { HouseGauges } from './house-gauges.ts';
import { HouseReader } from './house-reader.ts';
import { Metrics } from './metrics.ts';

/** What Prometheus reads at /metrics. */
@Global()
@Module({ providers: [Metrics, HouseReader, HouseGauges], exports: [Metrics, HouseReader, HouseGauges] })
export class MetricsModule {}
