// The JSON Schema of the policy file, for editors: what they complete and underline while somebody writes.
import { z } from 'zod';
import { policySchema } from './policy-shape.js';

/** Draft 2020-12, with the defaults left out of what is required. What only `policy check` can see is not in it. */
export function policyJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(policySchema, { io: 'input', unrepresentable: 'any' });
  return { $schema, title: 'Countersign policy', ...schema };
}
