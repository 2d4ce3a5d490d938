import { Global, Module } from '@nestjs/common';
import { HouseGauges } from './house-gauges.ts';
import { Metrics } from './metrics.ts';

/** What Prometheus reads at /metrics. */
@Global()
@Module({ providers: [Metrics, HouseGauges], exports: [Metrics, HouseGauges] })
export class MetricsModule {}
