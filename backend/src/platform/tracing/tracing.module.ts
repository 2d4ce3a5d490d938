import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../../config/config.ts';
import { SignalsModule } from '../signals/signals.module.ts';
import { NodeId } from '../signals/node-id.ts';
import { NoTracing, Tracing } from './tracing.ts';

async function start({ tracing, production }: Config, node: NodeId): Promise<Tracing> {
  if (!tracing) return new NoTracing();
  const { OpenTelemetryTracing } = await import('./open-telemetry.ts');
  return OpenTelemetryTracing.start(tracing, node.value, production ? 'production' : 'development');
}

/** OpenTelemetry where it is configured; where it is not, its packages are not even loaded. */
@Global()
@Module({
  imports: [SignalsModule],
  providers: [{ provide: Tracing, inject: [Config, NodeId], useFactory: start }],
  exports: [Tracing],
})
export class TracingModule implements OnApplicationShutdown {
  constructor(private readonly tracing: Tracing) {}

  onApplicationShutdown(): Promise<void> {
    return this.tracing.close();
  }
}
