// JSON schemas made from the types that Slack publishes, which know every property but no limit (see slack-rules.ts).
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

export interface BlockKitSchemas {
  readonly isModal: ValidateFunction;
  readonly isHome: ValidateFunction;
  readonly areBlocks: ValidateFunction;
}

/** From @slack/types. The type of a view's blocks lets any block in, for those that are not known yet: check them apart. */
export function blockKitSchemas(): BlockKitSchemas {
  const path = join(folderOf('@slack/types'), 'dist', 'index.d.ts');
  const generator = createGenerator({ path, type: '*', skipTypeCheck: true, additionalProperties: false });
  const modal = generator.createSchema('ModalView');
  const known = { type: 'array', items: { $ref: '#/definitions/KnownBlock' }, definitions: modal.definitions };
  return { isModal: compile(modal), isHome: compile(generator.createSchema('HomeView')), areBlocks: compile(known) };
}

/** The app manifest, from the type `Manifest` of @slack/web-api: it knows each scope and each event by name. */
export function manifestSchema(): ValidateFunction {
  const path = join(folderOf('@slack/web-api'), 'dist', 'types', 'request', 'manifest.d.ts');
  return compile(createGenerator({ path, type: 'Manifest', skipTypeCheck: true, additionalProperties: false }).createSchema('Manifest'));
}

function folderOf(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

function compile(schema: object): ValidateFunction {
  return new Ajv({ strict: false, allErrors: true }).compile(schema);
}
