import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { Problem } from '../../kernel/problem.ts';
import { VERSION } from '../version.ts';

const ABOUT = `Wasel's API. Requests carry \`Authorization: Bearer\` with a person's access token or an
organization's API key (\`wsl_…\`); members of several organizations name one in \`X-Org-Id\`. Names are snake_case. Lists are keyset-paginated: pass \`next_cursor\` back as \`cursor\`. Every error is
\`application/problem+json\` with a stable \`code\`; its \`type\` is a page that says what to do.`;

/** OpenAPI 3.1 from the very schemas that validate: `/api/openapi.json`, rendered at `/api/docs`. */
/** What is told to others' servers, by its name: a request of ours, described as an operation of theirs. */
export type DescribedWebhooks = Readonly<Record<string, object>>;

/** @param webhooks see `webhookDescriptions` */
export function describeApi(app: NestExpressApplication, webhooks: DescribedWebhooks): void {
  SwaggerModule.setup('docs', app, () => ({ ...openApi(app), webhooks }), {
    useGlobalPrefix: true,
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Wasel API',
    // By groups, closed: of more than some 130 operations at once Swagger UI shows the first six, and says nothing.
    swaggerOptions: { persistAuthorization: false, validatorUrl: null, docExpansion: 'none' },
  });
}

function openApi(app: NestExpressApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setTitle('Wasel')
    .setDescription(ABOUT)
    .setVersion(VERSION)
    .setOpenAPIVersion('3.1.0')
    .setLicense('AGPL-3.0-only', 'https://www.gnu.org/licenses/agpl-3.0.html')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An access token, or an API key.' }, 'token')
    .addSecurityRequirements('token')
    .build();
  const document = SwaggerModule.createDocument(app, about, {
    standardSchemaConverter: (schema, { schemaType }) =>
      schema instanceof z.ZodType
        ? {
            schema: z.toJSONSchema(schema, {
              target: 'draft-2020-12',
              io: schemaType,
              unrepresentable: 'any',
            }) as never,
          }
        : undefined,
  });
  return withProblems(document);
}

/** Every operation can fail, always in the same shape. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  document.components = { ...document.components };
  document.components.schemas = { ...document.components.schemas, Problem: z.toJSONSchema(Problem) as never };
  const answer = {
    description: 'What went wrong, and what to do about it.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path) as { responses?: Record<string, unknown> }[]) {
      if (operation.responses) operation.responses['default'] ??= answer;
    }
  }
  return document;
}
